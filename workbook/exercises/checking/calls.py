"""Call a function of a check inside a learner's copy, in a process of its own."""

import contextlib
import json
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from workbook.exercises.checking.unmet import did_not_answer, stopped_with, unmet

INSIDE = Path(__file__).with_name("inside.py")
MOST = 256 * 1024  # bytes of an answer or of printed text that are looked at


def call_inside(order: dict, env: dict, scratch: Path, limit: float):
    """Return (the function's value, what was printed); Unmet when it gave no value.

    `order` is what inside.py reads. Arguments and value travel as JSON.
    """
    token = secrets.token_hex(8)
    status, answer, printed, stderr = _run({**order, "token": token}, env, scratch, limit)
    if not answer.startswith(token):
        did_not_answer(Path(order["folder"]), status, stderr, limit)
    if len(answer) >= MOST:
        unmet(f"Your code made far too much: over {MOST} bytes.", "a loop, or mode 'a'")
    found = json.loads(answer.removeprefix(token))
    if "exit" in found:
        unmet(
            f"Your code ended the program (exit {found['exit']}) while it was loaded "
            "or called.",
            "a call of sys.exit, exit or quit",
        )
    if "error" in found:
        stopped_with(found["error"])
    return found["value"], printed


def _run(order: dict, env: dict, scratch: Path, limit: float):
    with (
        tempfile.TemporaryFile(dir=scratch) as asked,
        tempfile.TemporaryFile(dir=scratch) as answer,
        tempfile.TemporaryFile(dir=scratch) as out,
        tempfile.TemporaryFile(dir=scratch) as err,
    ):
        asked.write(json.dumps(order).encode())
        asked.seek(0)
        child = subprocess.Popen(
            [sys.executable, "-I", "-B", str(INSIDE), str(answer.fileno())],
            cwd=scratch,
            env=env,
            stdin=asked,
            stdout=out,
            stderr=err,
            pass_fds=(answer.fileno(),),
            start_new_session=True,
        )
        try:
            status = child.wait(limit)
        except subprocess.TimeoutExpired:
            status = None
        finally:  # what it left running goes with it
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(child.pid, signal.SIGKILL)
            child.wait()
        return status, *(_text(file) for file in (answer, out, err))


def _text(file) -> str:
    file.seek(0)
    return file.read(MOST).decode(errors="replace")
