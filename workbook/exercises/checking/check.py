"""Check a learner's copy: the judge runs in a process of its own, with a time limit."""

import json
import os
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

from workbook.exercises.catalogue import Exercise
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


def check(exercise: Exercise, folder: Path, command=None) -> Verdict:
    """Check the copy at `folder`; `command`: another judge's than the usual one."""
    started = time.monotonic()
    verdict = _judge(exercise, folder, command or judge_command(exercise, folder))
    verdict.seconds = time.monotonic() - started
    return verdict


def judge_command(exercise: Exercise, folder: Path) -> list[str]:
    words = [sys.executable, "-m", "workbook.exercises.checking.judge"]
    return [*words, str(exercise.folder / "test_check.py"), str(folder)]


def _judge(exercise: Exercise, folder: Path, command: list[str]) -> Verdict:
    if not (folder / "manage.py").is_file():
        return Verdict(
            False,
            "This is not a copy of the stage: manage.py is missing.\n"
            f"Look at:  `make reset-{exercise.name}` starts afresh and keeps this folder.",
        )
    limit = exercise.limit * float(os.environ.get("CHECK_PATIENCE", "1"))
    return run_judge(command, limit)


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
        found = json.loads(output)
    except ValueError:
        return Verdict(False, f"The check was ended from outside (status {status}).")
    return Verdict(
        found["unmet"] is None,
        found["message"],
        found["met"],
        found["unmet"] or "",
        found["broken"],
    )
