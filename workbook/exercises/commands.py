"""The learner's commands: exercises, exercise-N-M, watch-, hint-, solution-, reset-."""

import contextlib
import os
import shutil

from workbook.exercises import catalogue, copies, progress
from workbook.exercises.checking.check import check
from workbook.exercises.checking.report import introduce, paint, report, short


def exercises() -> int:
    """The list: what there is, how long it takes, what is done, where to go next."""
    found = catalogue.exercises()
    done = progress.read()
    following = None
    for exercise in found:
        finished = progress.of(exercise.name)["done"]
        if not finished and following is None:
            following = exercise
        mark = "done" if finished else "    "
        print(
            f"  {mark}  {exercise.name:<5} {exercise.minutes:>2} min  "
            f"{exercise.kind:<8} {exercise.title}"
        )
    count = sum(1 for exercise in found if done and progress.of(exercise.name)["done"])
    print(f"\n{count} of {len(found)} done.", end=" ")
    print(f"Next: make exercise-{following.name}" if following else "That is all of them.")
    return 0


def exercise(name: str) -> int:
    """Make the learner's copy at the first call; check it. The exit status is the score."""
    chosen = catalogue.find(name)
    made = copies.ensure_copy(chosen)
    if made:
        introduce(chosen)
    verdict = check(chosen, copies.copy_of(chosen))
    report(chosen, verdict)
    return 0 if verdict.passed else 1


def hint(name: str) -> int:
    """The next of the three hints."""
    chosen = catalogue.find(name)
    shown = progress.of(name)["hints"]
    shown = shown if isinstance(shown, int) and 0 <= shown <= len(chosen.hints) else 0
    number = min(shown + 1, len(chosen.hints))
    print(f"Hint {number} of {len(chosen.hints)}: {chosen.hints[number - 1]}")
    if number == len(chosen.hints):
        print(f"That was the last hint; the answer: make solution-{name}")
    progress.note(name, hints=number)
    return 0


def solution(name: str) -> int:
    """The way from the learner's files to the solution, as a diff."""
    chosen = catalogue.find(name)
    copies.ensure_copy(chosen)
    lines = copies.difference(chosen)
    for line in lines:
        colour = {"+": "green", "-": "red", "@": "bold"}.get(line[:1])
        print(paint(line, colour) if colour else line)
    if not lines:
        print("Your files are the same as the solution's.")
    return 0


def reset(name: str) -> int:
    """Start afresh; the old copy is renamed, not deleted."""
    chosen = catalogue.find(name)
    kept = copies.set_aside(chosen)
    if kept:
        print(f"Your copy is kept as {short(kept)}.")
    copies.ensure_copy(chosen)
    progress.note(name, done=False, hints=0)
    introduce(chosen)
    return 0


def watch(name: str) -> int:
    """Check at every save, until Ctrl-C."""
    from workbook.exercises.watch import watch_copy

    chosen = catalogue.find(name)
    if copies.ensure_copy(chosen):
        introduce(chosen)

    def check_once():
        print("-" * min(shutil.get_terminal_size().columns, 72), flush=True)
        report(chosen, check(chosen, copies.copy_of(chosen)))
        print("Waiting for a save; Ctrl-C ends.", flush=True)

    with contextlib.suppress(KeyboardInterrupt):
        watch_copy(copies.copy_of(chosen), check_once)
    return 0


def exercises_test(number: str = "") -> int:
    from workbook.exercises.proof import prove

    return prove(number)


def grade() -> int:
    from workbook.exercises.grading.grade import grade_folder

    return grade_folder(os.environ.get("DIR", ""))


COMMANDS = {
    "exercises": exercises,
    "exercise": exercise,
    "watch": watch,
    "hint": hint,
    "solution": solution,
    "reset": reset,
    "exercises-test": exercises_test,
    "grade": grade,
}
