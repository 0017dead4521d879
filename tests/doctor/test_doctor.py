"""The doctor's single questions."""

import json
import os
import subprocess
import sys

import pytest

from workbook.doctor import machine as doctor_machine
from workbook.doctor import stages as doctor_stages
from workbook.run import notes as running
from workbook.stages import FOLDERS, with_sockets


@pytest.fixture
def requirements(tmp_path):
    """A function that writes the three lists, with one package in the first."""

    def write(line):
        for group in doctor_machine.GROUPS:
            (tmp_path / f"{group}.txt").write_text("")
        (tmp_path / "runtime.txt").write_text(f"{line} \\\n    --hash=sha256:00\n")
        return tmp_path

    return write


def test_a_package_in_another_version_is_broken(requirements):
    word, sentence = next(doctor_machine.packages(requirements("django==1.0")))
    assert (word, "(django, …)" in sentence) == ("broken", True)


def test_a_package_for_another_system_is_not_missed(requirements):
    lists = requirements("no-such-package==1.0 ; sys_platform == 'amiga'")
    assert next(doctor_machine.packages(lists))[0] == "ok"


def test_a_missing_package_is_broken(requirements):
    assert (
        next(doctor_machine.packages(requirements("no-such-package==1.0")))[0] == "broken"
    )


def test_a_full_disk_is_broken(monkeypatch):
    assert doctor_machine.disk()[0] == "ok"
    monkeypatch.setattr(doctor_machine, "ENOUGH", 10**12)
    assert doctor_machine.disk()[0] == "broken"


def test_a_missing_browser_is_a_note(monkeypatch):
    monkeypatch.setenv("CHROMIUM", "/no/such/browser")
    word, sentence = doctor_machine.chromium()
    assert word == "note"
    assert "at /no/such/browser" in sentence


@pytest.mark.parametrize(
    ("apps", "word"),
    [('"daphne", "home"', "ok"), ('"home", "daphne"', "broken"), ("", "broken")],
)
def test_daphne_must_be_the_first_app(tmp_path, apps, word):
    for number in with_sockets():
        settings = tmp_path / FOLDERS[number] / "config" / "settings.py"
        settings.parent.mkdir(parents=True)
        settings.write_text(f"INSTALLED_APPS = [\n    {apps}\n]\n")
    assert {found[0] for found in doctor_stages.asgi_settings(tmp_path)} == {word}


def test_a_known_error_in_a_log_is_explained_once(tmp_path):
    log = tmp_path / "var" / "stage-1" / "logs" / "worker.log"
    log.parent.mkdir(parents=True)
    line = "django.db.utils.OperationalError: database is locked\n"
    log.write_text(line * 3 + "[INFO] task archive.tasks.fetch_marks succeeded\n")
    found = list(doctor_stages.old_errors(tmp_path))
    assert len(found) == 1
    assert found[0][1].startswith("var/stage-1/logs/worker.log says ")
    assert "SQLite" in found[0][1]


def test_a_note_of_a_dead_launcher_or_of_another_program_is_not_believed(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"],
        capture_output=True,
        text=True,
        check=True,
    )
    note = tmp_path / "var" / "stage-1" / "run.json"
    note.parent.mkdir(parents=True)
    for pid in (int(ended.stdout), os.getpid()):
        note.write_text(json.dumps({"pid": pid, "env": {"PORT": "8001"}}))
        assert running.notes(tmp_path) == []
    for nonsense in ("", "[]", "{}"):
        note.write_text(nonsense)
        assert running.notes(tmp_path) == []
