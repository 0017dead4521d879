"""Judge one copy: run the test_ functions of a check in their order.

    python -m workbook.exercises.checking.judge test_check.py COPY

The verdict is JSON on standard output. A function's name is the sentence that it
proves; the first that is not met ends the check. The learner's code never runs in
this process, and shares no file or pipe with it but that of the room's answers.
"""

import contextlib
import importlib.util
import json
import signal
import sys
import tempfile
import traceback
from pathlib import Path

from workbook.exercises.checking.calls import Room
from workbook.exercises.checking.unmet import Unmet
from workbook.exercises.checking.work import Work


def sentence(name: str) -> str:
    words = name.removeprefix("test_").replace("_", " ")
    return f"{words[0].upper()}{words[1:]}."


def claims(check: Path) -> list:
    """Return the check's test_ functions in the order in which they are written."""
    spec = importlib.util.spec_from_file_location("check", check)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [thing for name, thing in vars(module).items() if name.startswith("test_")]


def judge(check: Path, folder: Path, scratch: Path, room: Room) -> dict:
    """Return {"met": [sentences], "unmet": sentence or None, "message", "broken"}."""
    verdict = {"met": [], "unmet": None, "message": "", "broken": False}
    try:
        work = Work(folder, check, scratch, room)
        for claim in claims(check):
            verdict["unmet"] = sentence(claim.__name__)
            claim(work)
            verdict["met"].append(verdict["unmet"])
            verdict["unmet"] = None
    except Unmet as error:
        verdict["message"] = str(error)
    except Exception:  # the check itself is broken: the maintainers must see where
        verdict["broken"] = True
        verdict["message"] = traceback.format_exc()
    finally:
        room.close()
    return verdict


def judge_here(check: Path, folder: Path) -> dict:
    """Judge a copy without a wall around it: the learner's own machine."""
    with tempfile.TemporaryDirectory(
        prefix="check-", ignore_cleanup_errors=True
    ) as scratch:
        return judge(check, folder, Path(scratch), Room(Path(scratch)))


def refusal(message: str) -> dict:
    return {
        "met": [],
        "unmet": "The work can be read.",
        "message": message,
        "broken": False,
    }


def announce(get_verdict) -> int:
    """Print the verdict; return the exit status."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` still runs
    with contextlib.redirect_stdout(sys.stderr):
        verdict = get_verdict()
    print(json.dumps(verdict), flush=True)
    return 0 if verdict["unmet"] is None else 1


if __name__ == "__main__":
    sys.exit(announce(lambda: judge_here(Path(sys.argv[1]), Path(sys.argv[2]))))
