"""Copies of a stage to work on: the learner's own, and those that the proof makes."""

import difflib
import shutil
import tempfile
from collections.abc import Iterable
from pathlib import Path

from workbook.change import Change, apply_all
from workbook.exercises.exercise import Answer, Exercise
from workbook.stages import ROOT

MY_WORK = ROOT / "my_work"
TASK = "TASK.md"  # the exercise's README in the learner's copy
LEFT_OUT = shutil.ignore_patterns(
    *("exercises", "step_by_step", "var", "__pycache__", ".pytest_cache", ".ruff_cache"),
    "*.sqlite3*",
)


def make_copy(exercise: Exercise, target: Path, changes: Iterable[Change]):
    """Copy the stage to `target`, with the exercise's new files and these changes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Into a neighbour first: whoever sees `target` sees a whole copy.
    building = target.with_name(f".{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(exercise.stage_folder, building, ignore=LEFT_OUT)
    if exercise.new_files.is_dir():
        shutil.copytree(exercise.new_files, building, ignore=LEFT_OUT, dirs_exist_ok=True)
    apply_all(changes, building)
    shutil.copy2(exercise.folder / "README.md", building / TASK)
    building.rename(target)


def make_starter(exercise: Exercise, target: Path):
    make_copy(exercise, target, exercise.starter)


def make_solution(exercise: Exercise, target: Path):
    make_copy(exercise, target, exercise.solution)


def make_answer(exercise: Exercise, answer: Answer, target: Path):
    make_copy(exercise, target, exercise.solution + answer.changes)


def copy_of(exercise: Exercise) -> Path:
    """Where the learner's copy is, or will be."""
    return MY_WORK / exercise.name


def ensure_copy(exercise: Exercise) -> bool:
    """Make the learner's copy unless it is there; return whether it was made."""
    target = copy_of(exercise)
    if target.exists():
        return False
    make_starter(exercise, target)
    return True


def set_aside(exercise: Exercise) -> Path | None:
    """Rename the learner's copy, never delete it; return its new place."""
    here = copy_of(exercise)
    if not here.exists():
        return None
    number = 1
    while (there := here.with_name(f"{here.name}.before-{number}")).exists():
        number += 1
    return here.rename(there)


def paths_of(exercise: Exercise) -> list[str]:
    """Return the paths in which starter or solution differ from the stage."""
    found = {change.file for change in exercise.starter + exercise.solution}
    new = exercise.new_files
    for path in new.rglob("*") if new.is_dir() else ():
        if path.is_file() and "__pycache__" not in path.parts:
            found.add(path.relative_to(new).as_posix())
    return sorted(found)


def difference(exercise: Exercise) -> list[str]:
    """Return the lines of a diff from the learner's copy to the solution."""
    lines = []
    with tempfile.TemporaryDirectory() as folder:
        right = Path(folder) / exercise.name
        make_solution(exercise, right)
        for path in paths_of(exercise):
            before = _lines(copy_of(exercise) / path)
            names = (f"yours/{path}", f"solution/{path}")
            lines += difflib.unified_diff(before, _lines(right / path), *names, lineterm="")
    return lines


def _lines(file: Path) -> list[str]:
    if not file.is_file():
        return []
    return file.read_text(encoding="utf-8", errors="replace").splitlines()
