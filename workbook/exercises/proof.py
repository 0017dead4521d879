"""Prove the exercises: the starter fails, right answers pass, wrong answers fail.

Each must fail with its own words, so that a learner is told the right thing. They are
many, so what does not change from one to the next is loaded once: see warm.py. The
starter and the solution are judged all the same as a stranger's work is, behind the wall.
"""

import multiprocessing
import os
import signal
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from workbook.change import DoesNotFit
from workbook.exercises import catalogue
from workbook.exercises.checking.check import Verdict, check, patient
from workbook.exercises.copies import make_copy
from workbook.exercises.exercise import Exercise
from workbook.exercises.grading import wall
from workbook.exercises.grading.grade import Grade, check_one
from workbook.exercises.warm import judge_warm, warm_up
from workbook.stages import stage

AT_ONCE = 2  # checks; two cores
PATIENCE = "4"  # times the usual limits: here nothing hangs, and a machine may be busy

FEW = {"wrong": 2, "right": 1}  # answers
STARTER, SOLUTION = "the untouched starter", "the solution"
BEHIND_THE_WALL = (STARTER, SOLUTION)


def attempts(exercise: Exercise, few: bool = False) -> Iterator[tuple]:
    """Yield (what it is, its changes to the stage, words it must fail with or "").

    `few`: of the other answers only the first two wrong ones and the first right one;
    and a starter that fails where there is no wall fails behind one.
    """
    yield STARTER, exercise.starter, exercise.starter_fails_with
    yield SOLUTION, exercise.solution, ""
    for kind, answers in (("wrong", exercise.wrong), ("right", exercise.right)):
        for answer in answers[: FEW[kind]] if few else answers:
            changes = exercise.solution + answer.changes
            yield f"{kind} answer, {answer.what}", changes, answer.fails_with


def complaint(verdict: Verdict, words: str) -> str:
    """Return why this verdict is not the wanted one; "" when it is."""
    said = f"{verdict.unmet}\n{verdict.message}".strip()
    if verdict.broken:
        return f"the check itself is broken:\n{said}"
    if not words:
        return "" if verdict.passed else f"it should pass, but:\n{said}"
    if verdict.passed:
        return "it should fail, but it passes"
    if "Traceback (most recent call last)" in said:
        return f"the learner is shown a traceback:\n{said}"
    return "" if words in said else f"it should fail with {words!r}, but says:\n{said}"


def judged(exercise: Exercise, work: Path) -> Verdict:
    """Check it as `make grade` does: what is right must be right behind the wall, too."""
    return check_one(Grade("proof", exercise, work)).verdict


def judged_here(exercise: Exercise, work: Path) -> Verdict:
    """Check it in this process, in a room whose packages are loaded."""
    signal.alarm(int(patient(exercise)))
    try:
        return judge_warm(exercise.folder / "test_check.py", work)
    finally:
        signal.alarm(0)


def attempt(
    exercise: Exercise, what: str, changes, words: str, behind=BEHIND_THE_WALL
) -> tuple[str, float]:
    """Check one answer; return what is not as it should be, and the seconds it took."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="proof-") as folder:
        work = Path(folder) / exercise.name
        try:
            make_copy(exercise, work, changes)
            walled = what in behind and not wall.reason_against()
            verdict = (
                judged(exercise, work) if walled else check(exercise, work, judged_here)
            )
            said = complaint(verdict, words)
            missing = [path for path in exercise.edit if not (work / path).exists()]
            said += f"\nedit names {', '.join(missing)}: not there" if missing else ""
        except (DoesNotFit, OSError) as error:
            said = str(error)
    return f"{what}: {said}" if said else "", time.monotonic() - started


def too_long(*_):
    raise TimeoutError("the check took too long")


def prepare():
    """In each process of the proof, once."""
    sys.dont_write_bytecode = True
    signal.signal(signal.SIGALRM, too_long)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # who called us hears it, and ends us


def prove_all(
    chosen: Iterable[Exercise], few: bool = False
) -> Iterator[tuple[Exercise, list[str], float]]:
    """Yield each exercise with what is wrong with it and the seconds of its checks."""
    fork = multiprocessing.get_context("fork")
    warm_up()
    with fork.Pool(AT_ONCE, prepare) as pool:
        behind = (SOLUTION,) if few else BEHIND_THE_WALL
        waiting = [
            (exercise, [pool.apply_async(attempt, (exercise, *a, behind)) for a in tried])
            for exercise in chosen
            if (tried := list(attempts(exercise, few)))
        ]
        for exercise, answers in waiting:
            found = [answer.get() for answer in answers]
            yield exercise, [said for said, _ in found if said], sum(s for _, s in found)


def prove(number: str = "") -> int:
    """Prove all exercises, a stage's ("2") or one ("2-3"); return the exit status.

    "few": all of them, with few of their answers, as `make test` does.
    """
    few = number == "few"
    number = "" if few else number
    if "-" in number:
        chosen = [catalogue.find(number)]
    else:
        chosen = catalogue.exercises(stage(number).number if number else None)
    failed = 0
    os.environ.setdefault("CHECK_PATIENCE", PATIENCE)
    for exercise, wrong, seconds in prove_all(chosen, few):
        failed += bool(wrong)
        print(
            f"{'FAILED' if wrong else 'passed'} {exercise.name:<5} {exercise.title}: "
            f"{len(list(attempts(exercise, few)))} answers in {seconds:.1f} s",
            flush=True,
        )
        for sentence in wrong:
            print("   ", sentence.replace("\n", "\n      "), flush=True)
    print(f"{len(chosen) - failed} passed, {failed} failed")
    return 1 if failed or not chosen else 0
