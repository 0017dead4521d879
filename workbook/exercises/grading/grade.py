"""`make grade DIR=class`: check every learner's work; a table and a CSV.

DIR/<learner>/1-2/ or DIR/<learner>/my_work/1-2/, as many of each as there are.
"""

import csv
import os
import re
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from workbook.exercises import catalogue
from workbook.exercises.catalogue import Exercise
from workbook.exercises.checking.check import Verdict, check
from workbook.exercises.copies import MY_WORK
from workbook.exercises.grading import limits, stranger, wall
from workbook.stages import ROOT

AT_ONCE = 2  # checks
GRADES = MY_WORK / "grades"


@dataclass
class Grade:
    learner: str
    exercise: Exercise
    folder: Path
    verdict: Verdict | None = None


def plain(text: str) -> str:
    """Return `text` on one line, fit for a terminal and a spreadsheet."""
    line = "".join(sign if sign.isprintable() else " " for sign in " ".join(text.split()))
    return f"'{line}" if line[:1] in "=+-@" and line else line


def works(folder: Path) -> tuple[list[Grade], list[str]]:
    """Return what there is to check in DIR, and what was passed over, in words."""
    known = {exercise.name: exercise for exercise in catalogue.exercises()}
    found, passed_over = [], []
    for learner in sorted(folder.iterdir()):
        if learner.is_symlink() or not learner.is_dir() or learner.name.startswith("."):
            continue
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

        def command(exercise: Exercise, folder: Path) -> list[str]:
            task = exercise.folder / "test_check.py"
            return stranger.command(walled, Path(scratch), task, folder)

        grade.verdict = check(grade.exercise, grade.folder, command)
    return grade


def why(grade: Grade) -> str:
    """Return in one line what is not met."""
    lines = grade.verdict.message.splitlines()
    if grade.verdict.broken:
        return f"THE CHECK IS BROKEN: {plain(lines[-1])}"
    return plain(f"{grade.verdict.unmet} {lines[0] if lines else ''}")[:160]


def table(grades: list[Grade]) -> list[str]:
    """Return the lines of a table: a learner a line, an exercise a column."""
    names = sorted({grade.exercise.name for grade in grades}, key=_order)
    learners = sorted({grade.learner for grade in grades})
    width = max(len(learner) for learner in learners)
    passed = {(g.learner, g.exercise.name): g.verdict.passed for g in grades}
    marks = {True: "ok", False: "not", None: "-"}
    lines = [f"{'':<{width}}  " + " ".join(f"{name:>4}" for name in names) + "  solved"]
    for learner in learners:
        row = [passed.get((learner, name)) for name in names]
        cells = " ".join(f"{marks[value]:>4}" for value in row)
        lines.append(f"{learner:<{width}}  {cells}  {row.count(True):>6}")
    return lines


def _order(name: str) -> list[int]:
    return [int(part) for part in name.split("-")]


def write_csv(grades: list[Grade]) -> Path:
    """Write one row a learner and exercise; return the file."""
    GRADES.mkdir(parents=True, exist_ok=True)
    path = GRADES / time.strftime("grades-%Y%m%d-%H%M%S.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["learner", "exercise", "title", "passed", "why not", "seconds"])
        for grade in grades:
            writer.writerow(
                [
                    grade.learner,
                    # A lone 1-2 would become the second of January in a spreadsheet.
                    f"exercise {grade.exercise.name}",
                    grade.exercise.title,
                    int(grade.verdict.passed),
                    "" if grade.verdict.passed else why(grade),
                    f"{grade.verdict.seconds:.1f}",
                ]
            )
    return path


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
    if not grades:
        raise ValueError(f"Nothing to check in {words}: it needs {words}/<learner>/1-2/.")
    walled = has_wall()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for grade in pool.map(check_one, grades, [walled] * len(grades)):
            mark = "ok " if grade.verdict.passed else "not"
            reason = "" if grade.verdict.passed else f"  {why(grade)}"
            print(f"{mark} {grade.learner} {grade.exercise.name}{reason}", flush=True)
    print("\n".join(["", *table(grades), ""]))
    print(f"The same as CSV: {write_csv(grades).relative_to(ROOT)}")
    return 1 if any(grade.verdict.broken for grade in grades) else 0
