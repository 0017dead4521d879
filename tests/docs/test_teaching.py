"""The plan for a class speaks of the exercises that there are."""

import json
import re

import pytest

from workbook.exercises import catalogue
from workbook.stages import FOLDERS, ROOT, stage

TEACHING = (ROOT / "TEACHING.md").read_text()


def test_the_answer_key_has_every_exercise_with_its_kind_and_minutes():
    key = re.findall(r"^\| (\d-\d+) (.+?) \| (\w+), (\d+) \|", TEACHING, re.MULTILINE)
    there = [(e.name, e.title, e.kind, str(e.minutes)) for e in catalogue.exercises()]
    assert key == there


@pytest.mark.parametrize("number", FOLDERS)
def test_a_lesson_has_90_minutes_and_room_for_its_exercises(number):
    lesson = TEACHING.split(f"## Lesson {number}:")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \|.*\| ?(\d-\d+)? ?\|$", lesson, re.MULTILINE)
    assert sum(int(minutes) for minutes, _ in rows) == 90
    done = {name: int(minutes) for minutes, name in rows if name}
    home = re.findall(r"\d-\d+", re.search(r"At home: (.+)", lesson)[1])
    there = catalogue.exercises(number)
    assert sorted([*done, *home]) == [exercise.name for exercise in there]
    for exercise in there:
        assert done.get(exercise.name, 99) >= exercise.minutes


def test_the_hosted_editor_forwards_the_ports_of_the_stages():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    ports = {stage(number).default_port for number in FOLDERS}
    assert ports | {8020, 8025, 5555} == set(container["forwardPorts"])
    command = container["postCreateCommand"].split()
    assert (ROOT / command[1]).exists()
    assert command[2:] == ["runtime", "dev", "notebooks"]
