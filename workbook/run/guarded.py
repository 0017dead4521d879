"""Run one command to its end, under a guard: it never outlives who asked for it."""

import subprocess
import sys
import tempfile
from pathlib import Path

from workbook.run.processes import GUARD

GRACE = 2  # seconds that the command has to end by itself


def run_guarded(
    command: list[str], cwd: Path, env: dict[str, str], within: float
) -> tuple[int, str, str]:
    """Run `command`; return its exit status, its output and its errors.

    TimeoutError when it takes longer than `within` seconds; it is ended then.
    """
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(
            [sys.executable, "-I", "-S", str(GUARD), str(GRACE), *command],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,  # closes with this process, and the guard ends all
            stdout=printed,
            stderr=errors,
            start_new_session=True,
        ) as guard:
            try:
                status = guard.wait(within)
            except subprocess.TimeoutExpired:
                words = " ".join(command[1:])
                raise TimeoutError(f"{words} took longer than {within:g} s.") from None
        printed.seek(0)
        errors.seek(0)
        return status, printed.read(), errors.read()
