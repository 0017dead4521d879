"""A call is a fork of its room, and yet knows no more than a new process would."""

import subprocess
import sys
from pathlib import Path

from tests.exercises import around
from workbook.exercises import catalogue, copies
from workbook.exercises.checking.check import check
from workbook.exercises.checking.house import House
from workbook.exercises.checking.work import Work
from workbook.exercises.room import forks

WHAT_A_ROOM_LOADS = """
import importlib, sys
from importlib.util import module_from_spec, spec_from_file_location
spec = spec_from_file_location("forks", sys.argv[1])
forks = module_from_spec(spec)
spec.loader.exec_module(forks)
for name in (forks.ALWAYS + forks.OFTEN).split():
    importlib.import_module(name)
from django.conf import settings
assert not settings.configured, "settings were read"
"""


def test_each_package_can_be_loaded_before_any_setting_is_read():
    words = [sys.executable, "-I", "-B", "-c", WHAT_A_ROOM_LOADS, forks.__file__]
    ran = subprocess.run(words, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr


def test_a_copys_own_module_is_found_before_a_package_of_its_name(tmp_path):
    exercise = catalogue.find("1-1")
    copies.make_solution(exercise, tmp_path / "work")
    (tmp_path / "work" / "environ.py").write_text("raise RuntimeError('my own environ')\n")
    assert "my own environ" in check(exercise, tmp_path / "work").message


def test_a_call_in_a_shared_room_has_nothing_of_the_rooms(tmp_path):
    copies.make_solution(catalogue.find("1-1"), tmp_path / "work")
    house = House()
    try:
        room = house.room(tmp_path)
        work = Work(tmp_path / "work", Path(around.__file__), tmp_path, room)
        work.start([sys.executable, "-c", "input()"], tmp_path)  # the room has its log
        seen = work.call(around.see, django=False)
        room.close()
    finally:
        house.close()
    assert seen["open"] == []
    assert seen["ours"] == []
    assert seen["path"][0] == str(tmp_path / "work")
    assert not any("checking" in place for place in seen["path"])
