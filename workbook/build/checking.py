"""Checking a step: the judge looks at a copy, so nothing of the learner's is touched."""

import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

from workbook.build.replay import NOT_SOURCES
from workbook.build.step import LIMIT, Step
from workbook.exercises.checking.check import Verdict, run_judge


def check(step: Step, folder: Path) -> Verdict:
    """Check the school at `folder`."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="school-") as scratch:
        copy = Path(scratch) / "school"
        shutil.copytree(folder, copy, ignore=NOT_SOURCES)
        words = [sys.executable, "-m", "workbook.exercises.checking.judge"]
        words += [str(step.folder / "test_check.py"), str(copy)]
        patience = float(os.environ.get("CHECK_PATIENCE", "1"))
        verdict = run_judge(words, LIMIT * patience)
    verdict.seconds = time.monotonic() - started
    return verdict
