"""The room in which a learner's code runs: does what the judge asks, over a pipe.

    python -I room.py SCRATCH        an order a line comes in, an answer a line goes out

It is a process beside the learner's, and knows no verdict and no secret: whatever the
learner's code does here, the judge outside only ever reads answers. It is run by its
path and imports nothing of the workbook but forks.py, so a wall need show no more.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import forks

sys.path.pop()  # a copy must find nothing of ours

MOST = 256 * 1024  # bytes of an answer or of printed text that are passed on
NOT_DUMPABLE, SUBREAPER = (4, 0), (36, 1)  # of prctl(2)
started = {}  # the processes that are to run on, by name


def call(order, scratch):
    """Run a call to its end; return its status (None: too long) and what it wrote.

    It is inside.py, or the command `words` of the order.
    """
    with contextlib.ExitStack() as stack:
        files = [stack.enter_context(tempfile.TemporaryFile(dir=scratch)) for _ in "aoei"]
        asked, out, err, answer = files
        asked.write(order["input"].encode())
        asked.seek(0)
        status = forks.end(forks.begin(order, files), order["limit"])
        texts = [text_of(file) for file in (answer, out, err)]
    return {"status": status, **dict(zip(("answer", "out", "err"), texts, strict=True))}


def text_of(file):
    file.seek(0)
    return file.read(MOST).decode(errors="replace")


def start(order, scratch):
    """Start a command that runs on."""
    log = tempfile.TemporaryFile(dir=scratch)  # noqa: SIM115 - closed with the room
    child = subprocess.Popen(
        order["words"],
        cwd=order["cwd"],
        env=order["env"],
        stdin=subprocess.DEVNULL,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    started[order["name"]] = (child, log)
    return {"pid": child.pid}


def look(order, scratch):
    """Return whether a started command runs, and the last that it wrote."""
    child, log = started[order["name"]]
    written = os.fstat(log.fileno()).st_size
    text = os.pread(log.fileno(), MOST, max(0, written - MOST)).decode(errors="replace")
    return {"running": child.poll() is None, "text": text}


def end(child):
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


def end_all():
    """End what was started, and on Linux what that left behind in sessions of its own."""
    for child, _ in started.values():
        end(child)
    children = Path(f"/proc/self/task/{os.getpid()}/children")
    for _ in range(50):
        left = children.read_text().split() if children.exists() else []
        for number in map(int, left):
            with contextlib.suppress(OSError):
                os.kill(number, signal.SIGKILL)
                os.waitpid(number, 0)
        if not left:
            return


def limit(wanted):
    """Set limits, {"RLIMIT_CPU": 60, ...}, for us and for all that we start."""
    for name, most in wanted.items():
        what = getattr(resource, name)
        hard = resource.getrlimit(what)[1]
        value = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (value, value))
    return {}


def serve(scratch, orders, answers):
    """Do what is asked, an order a line, until there are no more."""
    if sys.platform == "linux":
        for words in (NOT_DUMPABLE, SUBREAPER):
            ctypes.CDLL(None).prctl(*words, 0, 0, 0)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    what = {"call": call, "start": start, "look": look}
    try:
        for line in orders:
            order = json.loads(line)
            if order["do"] == "limit":
                found = limit(order["limits"])
            else:
                try:
                    found = what[order["do"]](order, scratch)
                except OSError as error:  # no memory, no process, no room on the disk
                    found = {"failed": str(error)}
            answers.write(json.dumps(found) + "\n")
            answers.flush()
    finally:
        end_all()
        os._exit(0)  # at once: there is much to clear away, and nothing to keep


def main(scratch):
    answers = os.fdopen(os.dup(1), "w")  # not inherited by what we start
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    orders = os.fdopen(os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    serve(scratch, orders, answers)


if __name__ == "__main__":
    main(sys.argv[1])
