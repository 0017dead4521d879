"""Judge one copy: run the test_ functions of a check in their order.

    echo TOKEN | python -m workbook.exercises.checking.judge test_check.py COPY

The verdict is one line on standard output: the token, then JSON. A function's
name is the sentence that it proves; the first that is not met ends the check.
"""

import contextlib
import importlib.util
import json
import shutil
import signal
import sys
import tempfile
import traceback
from pathlib import Path

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


def judge(check: Path, folder: Path) -> dict:
    """Return {"met": [sentences], "unmet": sentence or None, "message", "broken"}."""
    verdict = {"met": [], "unmet": None, "message": "", "broken": False}
    scratch = Path(tempfile.mkdtemp(prefix="check-"))
    work = Work(folder, check, scratch)
    try:
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
        work.close()
        shutil.rmtree(scratch, ignore_errors=True)
    return verdict


def refusal(message: str) -> dict:
    return {
        "met": [],
        "unmet": "The work can be read.",
        "message": message,
        "broken": False,
    }


def announce(get_verdict) -> int:
    """Print the verdict behind the token that stands on standard input."""
    token = sys.stdin.readline().strip()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that `finally` still runs
    with contextlib.redirect_stdout(sys.stderr):
        verdict = get_verdict()
    print(token + json.dumps(verdict), flush=True)
    return 0 if verdict["unmet"] is None else 1


if __name__ == "__main__":
    sys.exit(announce(lambda: judge(Path(sys.argv[1]), Path(sys.argv[2]))))
