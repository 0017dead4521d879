"""Which exercises there are: each is a folder `0N_*/exercises/M_slug/`.

exercise.toml   title, kind, minutes, files to edit, hints, why it works, where to read
                on; starter, solution, wrong and right answers as changes (change.py)
README.md       the task
starter/        the files that are new to the stage; every copy has them
test_check.py   functions test_...(copy): what a right answer does
code.toml       kind "test" only: right and wrong code for the learner's tests

[[starter]] and [[solution]] change the stage; without the one the learner begins with
the stage itself, without the other the stage itself is the answer. [[wrong]] and
[[right]] change the solution. A change that names no file changes the first of `edit`.
"""

import re

from workbook.exercises.definition import read_exercise
from workbook.exercises.exercise import Exercise, Malformed
from workbook.stages import FOLDERS, ROOT


def exercises(stage: int | None = None) -> list[Exercise]:
    """Return all exercises, or those of one stage, in their order."""
    found = []
    for number, name in FOLDERS.items():
        folder = ROOT / name / "exercises"
        if stage in (None, number) and folder.is_dir():
            children = (path for path in folder.iterdir() if path.is_dir())
            parts = (path for path in children if path.name[0] not in "._")
            found += [read_exercise(path, number) for path in parts]
    found.sort(key=lambda exercise: (exercise.stage, exercise.number))
    names = [exercise.name for exercise in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Malformed(f"Two exercises have the number {', '.join(sorted(twice))}.")
    return found


def find(name: str) -> Exercise:
    """Return exercise "N-M"; ValueError, for the learner, when there is none."""
    if not re.fullmatch(r"[0-9]-[0-9]{1,2}", name):
        raise ValueError(
            f"{name!r} is not an exercise: write stage-exercise, for example 1-2."
        )
    stage = int(name[0])
    there = exercises(stage) if stage in FOLDERS else []
    for exercise in there:
        if exercise.name == name:
            return exercise
    names = ", ".join(exercise.name for exercise in there) or "none in that stage"
    raise ValueError(f"There is no exercise {name}; there are: {names}.")
