"""`make grade DIR=class`: check every learner's work; a table and a CSV.

DIR/<learner>/1-2/ or DIR/<learner>/my_work/1-2/, as many of each as there are, and the
progress.json of `make learn` beside them, if there is one.
"""

import os
import re
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbook.exercises import catalogue
from workbook.exercises.catalogue import Exercise
from workbook.exercises.checking.check import Verdict, check, patient, run_judge
from workbook.exercises.grading import limits, stranger, wall
from workbook.exercises.grading.marks import Grade, plain, table, why, write_csv
from workbook.exercises.grading.told import Told, told
from workbook.stages import ROOT

AT_ONCE = 2  # checks


def learners(folder: Path) -> list[Path]:
    """Return the learners' folders, also those with nothing in them."""
    return [
        one
        for one in sorted(folder.iterdir())
        if one.is_dir() and not one.is_symlink() and not one.name.startswith(".")
    ]


def works(folder: Path) -> tuple[list[Grade], list[str]]:
    """Return what there is to check in DIR, and what was passed over, in words."""
    known = {exercise.name: exercise for exercise in catalogue.exercises()}
    found, passed_over = [], []
    for learner in learners(folder):
        for place in (learner, learner / "my_work"):
            if place.is_symlink() or not place.is_dir():
                continue
            for work in sorted(place.iterdir()):
                if not re.fullmatch(r"\d-\d{1,2}", work.name) or work.is_symlink():
                    continue
                if work.name in known:
                    found.append(Grade(plain(learner.name), known[work.name], work))
                else:
                    passed_over.append(f"{learner.name}/{work.name}: no such exercise")
    return found, passed_over


def check_one(grade: Grade, walled: bool = True) -> Grade:
    with tempfile.TemporaryDirectory(
        prefix="grade-", ignore_cleanup_errors=True
    ) as scratch:

        def judge(exercise: Exercise, folder: Path) -> Verdict:
            task = exercise.folder / "test_check.py"
            words = stranger.command(walled, Path(scratch), task, folder)
            return run_judge(words, patient(exercise))

        grade.verdict = check(grade.exercise, grade.folder, judge)
    return grade


def has_wall() -> bool:
    """Say what is not shut out; ValueError where the learners' code would run free."""
    reason = wall.reason_against()
    if reason and os.environ.get("GRADE_WITHOUT_WALL") != "1":
        raise ValueError(
            f"There is no wall around the learners' code: {reason}. Ways: {wall.WAYS}."
        )
    if reason:
        print(f"No wall: {reason}. A learner's code can do here what you can do.")
    elif limits.lacking():
        print(limits.lacking())
    return not reason


def grade_folder(words: str) -> int:
    """Check all that is in the folder; return 0 when every check could be made."""
    folder = Path(words).expanduser()
    if not words or not folder.is_dir():
        raise ValueError(
            f"{words!r} is not a folder: make grade DIR=class, "
            "with class/<learner>/1-2/ in it."
        )
    grades, passed_over = works(folder)
    for sentence in passed_over:
        print(f"passed over {sentence}")
    class_: dict[str, Told] = {plain(one.name): told(one) for one in learners(folder)}
    if not grades and not any(class_.values()):
        raise ValueError(f"Nothing to check in {words}: it needs {words}/<learner>/1-2/.")
    walled = has_wall()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for grade in pool.map(check_one, grades, [walled] * len(grades)):
            mark = "ok " if grade.verdict.passed else "not"
            reason = "" if grade.verdict.passed else f"  {why(grade)}"
            print(f"{mark} {grade.learner} {grade.exercise.name}{reason}", flush=True)
    print("\n".join(["", *table(grades, class_), ""]))
    print(f"The same as CSV: {write_csv(grades, class_).relative_to(ROOT)}")
    return 1 if any(grade.verdict.broken for grade in grades) else 0
