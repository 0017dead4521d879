"""Copies of a stage to work on: the learner's own, and those that the proof makes."""

import difflib
import shutil
from pathlib import Path

from workbook.exercises.catalogue import Exercise, Malformed, Wrong
from workbook.stages import ROOT

MY_WORK = ROOT / "my_work"
TASK = "TASK.md"  # the exercise's README in the learner's copy
LEFT_OUT = shutil.ignore_patterns(
    "exercises", "var", "__pycache__", ".pytest_cache", ".ruff_cache", "*.sqlite3*"
)


def make_copy(exercise: Exercise, target: Path, layer: Path | None):
    """Copy the stage to `target` and lay the files of `layer` over it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Into a neighbour first: whoever sees `target` sees a whole copy.
    building = target.with_name(f".{target.name}.building")
    shutil.rmtree(building, ignore_errors=True)
    shutil.copytree(exercise.stage_folder, building, ignore=LEFT_OUT)
    if layer and layer.is_dir():
        shutil.copytree(layer, building, ignore=LEFT_OUT, dirs_exist_ok=True)
    shutil.copy2(exercise.folder / "README.md", building / TASK)
    building.rename(target)


def make_solution(exercise: Exercise, target: Path):
    make_copy(exercise, target, exercise.solution)


def make_wrong(exercise: Exercise, wrong: Wrong, target: Path):
    """Make the copy of a wrong answer; Malformed when the solution has no such text."""
    make_solution(exercise, target)
    path = target / wrong.file
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    if text.count(wrong.find) != 1:
        raise Malformed(
            f"{exercise.name}: the solution's {wrong.file} has {text.count(wrong.find)} "
            f"times, not once: {wrong.find!r}"
        )
    path.write_text(text.replace(wrong.find, wrong.replace), encoding="utf-8")


def copy_of(exercise: Exercise) -> Path:
    """Where the learner's copy is, or will be."""
    return MY_WORK / exercise.name


def ensure_copy(exercise: Exercise) -> bool:
    """Make the learner's copy unless it is there; return whether it was made."""
    target = copy_of(exercise)
    if target.exists():
        return False
    make_copy(exercise, target, exercise.starter)
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


def answer_file(exercise: Exercise, path: str) -> Path:
    """Return the file `path` of the right answer: the solution's, or the stage's own."""
    own = exercise.solution / path
    return own if own.exists() else exercise.stage_folder / path


def changed_paths(exercise: Exercise) -> list[str]:
    """Return the paths in which starter or solution differ from the stage."""
    found = set()
    for layer in (exercise.starter, exercise.solution):
        for path in layer.rglob("*") if layer.is_dir() else ():
            if path.is_file() and "__pycache__" not in path.parts:
                found.add(str(path.relative_to(layer)))
    return sorted(found)


def difference(exercise: Exercise) -> list[str]:
    """Return the lines of a diff from the learner's copy to the solution."""
    lines = []
    for path in changed_paths(exercise):
        mine, right = copy_of(exercise) / path, answer_file(exercise, path)
        before, after = (
            file.read_text(encoding="utf-8", errors="replace").splitlines()
            if file.is_file()
            else []
            for file in (mine, right)
        )
        lines += difflib.unified_diff(
            before, after, f"yours/{path}", f"solution/{path}", lineterm=""
        )
    return lines
