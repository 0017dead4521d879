"""Check a learner's copy: the judge runs in a process of its own, with a time limit."""

import contextlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from workbook.exercises.catalogue import Exercise
from workbook.exercises.copies import make_copy
from workbook.run.guard import end_group
from workbook.stages import ROOT


@dataclass
class Verdict:
    """What the check found. `message` is for the learner, at most a few lines."""

    passed: bool
    message: str = ""
    met: list[str] = field(default_factory=list)
    unmet: str = ""
    broken: bool = False  # the check itself failed: the maintainers' fault
    seconds: float = 0


def check(exercise: Exercise, folder: Path, judge=None) -> Verdict:
    """Check the copy at `folder`. `judge(exercise, folder)`: another that returns a
    verdict."""
    started = time.monotonic()
    with judged_folder(exercise, folder) as judged:
        verdict = missing(exercise, judged) or (judge or judge_it)(exercise, judged)
    verdict.seconds = time.monotonic() - started
    return verdict


@contextlib.contextmanager
def judged_folder(exercise: Exercise, folder: Path) -> Iterator[Path]:
    """Give what is to be judged. A prediction is compared with the stage as it is: of
    such a copy only the files to edit count, and no code of the learner's is run."""
    if exercise.kind != "predict":
        yield folder
        return
    with tempfile.TemporaryDirectory(prefix="predicted-") as place:
        target = Path(place) / exercise.name
        make_copy(exercise, target, exercise.starter)
        for path in exercise.edit:
            (target / path).unlink(missing_ok=True)
            if (folder / path).is_file() and not (folder / path).is_symlink():
                shutil.copyfile(folder / path, target / path)
        yield target


def missing(exercise: Exercise, folder: Path) -> Verdict | None:
    """Return the verdict on what is no copy at all."""
    if (folder / "manage.py").is_file():
        return None
    return Verdict(
        False,
        "This is not a copy of the stage: manage.py is missing.\n"
        f"Look at:  `make reset-{exercise.name}` starts afresh and keeps this folder.",
    )


def patient(exercise: Exercise) -> float:
    """Return how many seconds its check may take."""
    return exercise.limit * float(os.environ.get("CHECK_PATIENCE", "1"))


def judge_it(exercise: Exercise, folder: Path) -> Verdict:
    words = [sys.executable, "-m", "workbook.exercises.checking.judge"]
    words += [str(exercise.folder / "test_check.py"), str(folder)]
    return run_judge(words, patient(exercise))


def run_judge(command: list[str], limit: float) -> Verdict:
    """Return the verdict of a judge's process, or that it took over `limit` seconds."""
    child = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        text=True,
    )
    try:
        output, _ = child.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        end_group(child)
        return Verdict(
            False,
            f"The check was not done after {limit:.0f} s and was ended.\n"
            "Look at:  a loop without an end, or a wait for something that never comes",
        )
    except BaseException:  # Ctrl-C: leave nothing behind
        end_group(child)
        raise
    return _read(output, child.returncode)


def _read(output: str, status: int) -> Verdict:
    try:
        return verdict_of(json.loads(output))
    except ValueError:
        return Verdict(False, f"The check was ended from outside (status {status}).")


def verdict_of(found: dict) -> Verdict:
    """Return as a verdict what judge.py has found."""
    return Verdict(
        found["unmet"] is None,
        found["message"],
        found["met"],
        found["unmet"] or "",
        found["broken"],
    )
