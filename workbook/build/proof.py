"""Prove the path: it leads to the stage's files, and each step's check can tell.

Before its step a check fails with the step's words, after it it passes; and each slip
is answered with its own words.
"""

import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from workbook.build.checking import check
from workbook.build.page import Given
from workbook.build.replay import ASIDE, contents, do_step, given_files, make_start, put
from workbook.build.step import LIMIT, Step, of_stage
from workbook.change import DoesNotFit, apply_all
from workbook.exercises.checking.work import patience
from workbook.exercises.proof import PATIENCE, complaint
from workbook.exercises.warm import in_forks, judge_warm, warm_up
from workbook.stages import FOLDERS, ROOT, files, stage

AT_ONCE = 3  # checks; each waits for half of its time
NOT_COMPARED = (*ASIDE, "labs")


def snapshots(steps: list[Step], folder: Path) -> Iterator[tuple[Step, Path, Path]]:
    """Replay the steps; yield each with the folders before and after it."""
    before = folder / "start"
    make_start(steps[0].stage, before)
    for step in steps:
        after = folder / step.name
        shutil.copytree(before, after)
        do_step(step, after)
        yield step, before, after
        before = after


def attempts(step: Step, before: Path, after: Path) -> Iterator[tuple]:
    """Yield (what it is, a folder to begin with, given files, changes, words or "")."""
    given = [part for part in step.page.parts if isinstance(part, Given)]
    yield "before the step", before, given, (), step.fails_before
    yield "after the step", after, [], (), ""
    for slip in step.slips:
        yield f"the slip {slip.what!r}", after, [], slip.changes, slip.fails_with


def attempt(step: Step, what: str, source: Path, given, changes, words: str) -> str:
    """Return what is not as it should be; "" when all is well."""
    with tempfile.TemporaryDirectory(prefix="proof-") as scratch:
        work = Path(scratch) / "school"
        shutil.copytree(source, work)
        for part in given:
            for path, file in given_files(step, part):
                put(work / path, file.read_bytes(), file)
        try:
            apply_all(changes, work)
        except DoesNotFit as error:
            return f"{what}: {error}"
        said = complaint(check(step, work, judge_warm), words)
    return f"{what}: {said}" if said else ""


def way_home(number: int, folder: Path) -> list[str]:
    """Return in which files the end of the path differs from the stage."""

    def ours(path: str) -> bool:
        return not path.split("/", maxsplit=1)[0].startswith(NOT_COMPARED)

    there = {
        path: (ROOT / FOLDERS[number] / path).read_bytes()
        for path in files(number)
        if ours(path)
    }
    here = {path: text for path, text in contents(folder).items() if ours(path)}
    wrong = [f"{path} is in the stage and not on the path" for path in there.keys() - here]
    wrong += [f"{path} is on the path and not in the stage" for path in here.keys() - there]
    both = there.keys() & here.keys()
    wrong += [f"{path} differs" for path in both if there[path] != here[path]]
    return sorted(wrong)


def prove_stage(number: int) -> Iterator[tuple[str, list[str]]]:
    """Yield each thing that was proved, and what is wrong with it."""
    with tempfile.TemporaryDirectory(prefix="path-") as scratch:
        tries = []
        for step, before, after in snapshots(of_stage(number), Path(scratch)):
            tries += [(step, *one) for one in attempts(step, before, after)]
        yield f"stage {number}: the path leads home", way_home(number, after)
        calls = [partial(attempt, *one) for one in tries]
        said = in_forks(calls, AT_ONCE, LIMIT * patience())
        for step in of_stage(number):
            name = f"{step.name}: {step.title}, {len(step.slips)} slips"
            both = zip(tries, said, strict=True)
            yield name, [words for (of, *_), words in both if of == step and words]


def prove(number: str = "") -> int:
    """Prove all paths, or a stage's; return the exit status."""
    numbers = [stage(number).number] if number else list(FOLDERS)
    os.environ.setdefault("CHECK_PATIENCE", PATIENCE)
    warm_up()
    passed = failed = 0
    for one in numbers:
        if not of_stage(one):
            continue
        started = time.monotonic()
        for what, wrong in prove_stage(one):
            passed, failed = passed + (not wrong), failed + bool(wrong)
            print(f"{'FAILED' if wrong else 'passed'} {what}", flush=True)
            for sentence in wrong:
                print("   ", sentence.replace("\n", "\n      "), flush=True)
        print(f"Stage {one}: {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
