"""Checking a step: the judge looks at a copy, so nothing of the learner's is touched."""

import shutil
import sys
import tempfile
import time
from pathlib import Path

from workbook.build.replay import NOT_SOURCES
from workbook.build.step import LIMIT, Step
from workbook.exercises.checking.check import Verdict, run_judge
from workbook.exercises.checking.work import patience


def check(step: Step, folder: Path, judge=None) -> Verdict:
    """Check the school at `folder`. `judge`: another one than a process of its own."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="school-") as scratch:
        copy = Path(scratch) / "school"
        shutil.copytree(folder, copy, ignore=NOT_SOURCES)
        verdict = (judge or judge_apart)(step.folder / "test_check.py", copy)
    verdict.seconds = time.monotonic() - started
    return verdict


def judge_apart(check: Path, copy: Path) -> Verdict:
    words = [sys.executable, "-m", "workbook.exercises.checking.judge"]
    return run_judge([*words, str(check), str(copy)], LIMIT * patience())
