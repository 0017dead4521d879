"""What a learner sees of an exercise and its check."""

import os
import sys
import textwrap

from workbook.exercises import catalogue, copies, progress
from workbook.exercises.catalogue import Exercise
from workbook.exercises.checking.check import Verdict
from workbook.stages import ROOT

COLOURS = {"green": 32, "red": 31, "bold": 1}


def paint(text: str, colour: str) -> str:
    """Colour `text` where somebody looks at it."""
    if not sys.stdout.isatty() or "NO_COLOR" in os.environ:
        return text
    return f"\033[{COLOURS[colour]}m{text}\033[0m"


def short(path) -> str:
    return str(path.relative_to(ROOT))


def introduce(chosen: Exercise):
    mine = short(copies.copy_of(chosen))
    print(paint(f"Exercise {chosen.name}: {chosen.title}", "bold"))
    print(f"  the task      {mine}/{copies.TASK}")
    for path in chosen.edit:
        print(f"  edit          {mine}/{path}")
    print(f"  run your copy make stage-{chosen.stage} WORK={chosen.name}")
    print(f"  check         make exercise-{chosen.name}  (or make watch-{chosen.name})\n")


def report(chosen: Exercise, verdict: Verdict):
    """Print what is met, what is not, and what to do next."""
    for sentence in verdict.met:
        print(paint(f"  ok   {sentence}", "green"))
    if verdict.passed:
        progress.note(chosen.name, done=True)
        print(paint(f"Exercise {chosen.name} is solved.", "green"))
        explain(chosen)
        print(next_words(chosen))
        return
    if verdict.unmet:
        print(paint(f"  not  {verdict.unmet}", "red"))
    for line in verdict.message.splitlines():
        print(f"       {line}")
    if verdict.broken:
        print("The check itself is broken, not your work: please report these lines.")
        return
    files = ", ".join(f"{short(copies.copy_of(chosen))}/{path}" for path in chosen.edit)
    print(f"Edit {files}; a hint: make hint-{chosen.name}")


def explain(chosen: Exercise):
    """Why the answer works, and where to read on; files are in the learner's copy."""
    for line in textwrap.wrap(f"Why it works: {chosen.why}", 76):
        print(f"  {line}")
    mine = short(copies.copy_of(chosen))
    for place in chosen.read_on:
        print(f"  Read on: {place if '://' in place else f'{mine}/{place}'}")


def next_words(chosen: Exercise) -> str:
    """Where to go on: behind this one first, then from the beginning."""
    found = catalogue.exercises()
    here = found.index(chosen)
    for other in found[here:] + found[:here]:
        if not progress.of(other.name)["done"]:
            return f"Next: make exercise-{other.name} ({other.title}, {other.minutes} min)"
    return "That was the last one."
