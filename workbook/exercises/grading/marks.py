"""What the checks of a class have found, as a table and as a CSV."""

import csv
import time
from dataclasses import dataclass
from pathlib import Path

from workbook.exercises.catalogue import Exercise
from workbook.exercises.checking.check import Verdict
from workbook.exercises.copies import MY_WORK
from workbook.exercises.grading.told import Told

GRADES = MY_WORK / "grades"
MARKS = {True: "ok", False: "not", None: "-"}
COLUMNS = ["learner", "exercise", "title", "passed", "why not", "seconds", "told", "hints"]


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


def why(grade: Grade) -> str:
    """Return in one line what is not met."""
    lines = grade.verdict.message.splitlines()
    if grade.verdict.broken:
        return f"THE CHECK IS BROKEN: {plain(lines[-1])}"
    return plain(f"{grade.verdict.unmet} {lines[0] if lines else ''}")[:160]


def table(grades: list[Grade], class_: dict[str, Told]) -> list[str]:
    """Return the lines of a table: a learner a line, an exercise a column.

    Where somebody handed in a progress.json: what it tells, done and hints taken.
    """
    names = sorted({grade.exercise.name for grade in grades}, key=_order)
    width = max(len(learner) for learner in class_)
    passed = {(g.learner, g.exercise.name): g.verdict.passed for g in grades}
    told = any(class_.values())
    heads = [f"{name:>4}" for name in names] + ["  solved"]
    lines = [f"{'':<{width}} {' '.join(heads)}" + ("  told  hints" if told else "")]
    for learner, claims in class_.items():
        row = [passed.get((learner, name)) for name in names]
        cells = [f"{MARKS[value]:>4}" for value in row] + [f"{row.count(True):>8}"]
        if told and claims:
            done = sum(claim.done for claim in claims.values())
            hints = sum(claim.hints for claim in claims.values())
            cells.append(f"{done:>5}  {hints:>5}")
        lines.append(f"{learner:<{width}} {' '.join(cells)}")
    return lines


def _order(name: str) -> list[int]:
    return [int(part) for part in name.split("-")]


def write_csv(grades: list[Grade], class_: dict[str, Told]) -> Path:
    """Write one row a learner and exercise; return the file."""
    GRADES.mkdir(parents=True, exist_ok=True)
    path = GRADES / time.strftime("grades-%Y%m%d-%H%M%S.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(COLUMNS)
        for learner, claims in class_.items():
            theirs = [grade for grade in grades if grade.learner == learner]
            writer.writerows(_row(grade, claims) for grade in theirs)
            if not theirs:
                writer.writerow([learner, "none", "", 0, "nothing to check", "0.0", "", ""])
    return path


def _row(grade: Grade, claims: Told) -> list:
    claim = claims.get(grade.exercise.name)
    return [
        grade.learner,
        # A lone 1-2 would become the second of January in a spreadsheet.
        f"exercise {grade.exercise.name}",
        grade.exercise.title,
        int(grade.verdict.passed),
        "" if grade.verdict.passed else why(grade),
        f"{grade.verdict.seconds:.1f}",
        int(claim.done) if claim else "",
        claim.hints if claim else "",
    ]
