"""The plan for a class speaks of the exercises that there are."""

import json
import re

import pytest

from workbook.build.step import find, of_stage
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


STEPS = r"[Ss]teps? ((?:\d-\d+(?:, | and | to )?)+)"


def steps_of(words: str) -> list:
    """The steps that "steps 1-1, 1-2 and 1-4 to 1-6" names."""
    found = []
    for text in re.findall(STEPS, words):
        names = re.findall(r"( to )?(\d-\d+)", text)
        for to, name in names:
            first = found[-1].number + 1 if to else find(name).number
            found += of_stage(find(name).stage)[first - 1 : find(name).number]
    return found


@pytest.mark.parametrize("number", FOLDERS)
def test_a_lesson_has_the_minutes_that_its_steps_take(number):
    lesson = TEACHING.split(f"## Lesson {number}:")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (\d+) \| (.*?) \|", lesson, re.MULTILINE)
    for minutes, words in rows:
        assert sum(step.page.minutes for step in steps_of(words)) <= int(minutes), words
    named = [step.name for step in steps_of(lesson)]
    assert len(named) == len(set(named))
    if named:  # in the lesson or at home: every step of the stage has its place
        assert named == [step.name for step in of_stage(number)]


def test_the_hosted_editor_forwards_the_ports_of_the_stages():
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    ports = {stage(number).default_port for number in FOLDERS}
    assert ports | {8020, 8025, 5555} == set(container["forwardPorts"])
    command = container["postCreateCommand"].split()
    assert (ROOT / command[1]).exists()
    assert command[2:] == ["runtime", "dev", "notebooks"]
