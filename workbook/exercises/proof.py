"""Prove the exercises: the starter fails, the solution passes, wrong answers fail.

Each must fail with its own words, so that a learner is told the right thing.
"""

import os
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbook.exercises import catalogue, copies, fits
from workbook.exercises.catalogue import Exercise
from workbook.exercises.checking.check import Verdict, check
from workbook.stages import stage

AT_ONCE = 2  # checks; two cores
PATIENCE = "4"  # times the usual limits: here nothing hangs, and a machine may be busy


def attempts(exercise: Exercise) -> Iterator[tuple]:
    """Yield (what it is, how to make the copy, words it must fail with or None)."""
    yield (
        "the untouched starter",
        lambda target: copies.make_copy(exercise, target, exercise.starter),
        exercise.starter_fails_with,
    )
    yield "the solution", lambda target: copies.make_solution(exercise, target), None
    for number, wrong in enumerate(exercise.wrong, 1):
        yield (
            f"wrong answer {number}",
            lambda target, wrong=wrong: copies.make_wrong(exercise, wrong, target),
            wrong.fails_with,
        )


def complaint(verdict: Verdict, words: str | None) -> str:
    """Return why this verdict is not the wanted one; "" when it is."""
    said = f"{verdict.unmet}\n{verdict.message}".strip()
    if verdict.broken:
        return f"the check itself is broken:\n{said}"
    if words is None:
        return "" if verdict.passed else f"it should pass, but:\n{said}"
    if verdict.passed:
        return "it should fail, but it passes"
    if "Traceback (most recent call last)" in said:
        return f"the learner is shown a traceback:\n{said}"
    return "" if words in said else f"it should fail with {words!r}, but says:\n{said}"


def attempt(exercise: Exercise, make, words: str | None) -> str:
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        try:
            make(Path(folder) / exercise.name)
        except (catalogue.Malformed, OSError) as error:
            return str(error)
        return complaint(check(exercise, Path(folder) / exercise.name), words)


def prove_one(exercise: Exercise) -> tuple[Exercise, list[str], float]:
    """Return what is wrong with one exercise, and how long it took in seconds."""
    started = time.monotonic()
    wrong = fits.misfits(exercise)
    for path in exercise.edit:
        if not copies.answer_file(exercise, path).exists():
            wrong.append(f"exercise.toml: edit names {path}, which the solution has not")
    for what, make, words in attempts(exercise):
        said = attempt(exercise, make, words)
        if said:
            wrong.append(f"{what}: {said}")
    return exercise, wrong, time.monotonic() - started


def prove(number: str = "") -> int:
    """Prove all exercises, a stage's ("2") or one ("2-3"); return the exit status."""
    if "-" in number:
        chosen = [catalogue.find(number)]
    else:
        chosen = catalogue.exercises(stage(number).number if number else None)
    failed = 0
    os.environ.setdefault("CHECK_PATIENCE", PATIENCE)
    with ThreadPoolExecutor(AT_ONCE) as pool:
        for exercise, wrong, seconds in pool.map(prove_one, chosen):
            failed += bool(wrong)
            word = "FAILED" if wrong else "passed"
            count = len(exercise.wrong)
            print(
                f"{word} {exercise.name:<5} {exercise.title}: starter, solution, "
                f"{count} wrong answers in {seconds:.1f} s",
                flush=True,
            )
            for sentence in wrong:
                print("   ", sentence.replace("\n", "\n      "), flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0
