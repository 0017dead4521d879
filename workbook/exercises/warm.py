"""Judging many copies in a row: what takes long to load is loaded once.

`warm_up()` starts a process that loads Django and Celery, but no settings and nothing of
a copy. From then on each judge is a fork of this process (`in_forks`), and each room, with
its calls, a fork of that one. It is for our own proofs: there is no wall around a copy.
"""

import atexit
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from workbook.exercises.checking.check import Verdict, verdict_of
from workbook.exercises.checking.house import House
from workbook.exercises.checking.judge import judge
from workbook.run.guard import end_group

the = {}  # "house": where the rooms are


def warm_up():
    """Start the house of the rooms, once; it ends with this process."""
    if not the:
        the["house"] = House()
        atexit.register(the["house"].close)


class Fork:
    """A child process that runs a function: as much of a Popen as we need."""

    def __init__(self, run: Callable[[], object]):
        self.returncode = None
        self.pid = os.fork()
        if self.pid:
            return
        status = 1
        try:
            os.setsid()
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            run()
            status = 0
        except BaseException:
            sys.excepthook(*sys.exc_info())
        finally:
            os._exit(status)

    def poll(self) -> int | None:
        if self.returncode is None:
            done, status = os.waitpid(self.pid, os.WNOHANG)
            self.returncode = os.waitstatus_to_exitcode(status) if done else None
        return self.returncode

    def wait(self, timeout: float = float("inf")) -> int:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("a fork", timeout)
            time.sleep(0.004)
        return self.returncode

    def kill(self):
        os.kill(self.pid, signal.SIGKILL)


def judge_warm(check: Path, folder: Path) -> Verdict:
    """Judge a copy in this process, as judge.py does in one of its own."""
    with tempfile.TemporaryDirectory(
        prefix="check-", ignore_cleanup_errors=True
    ) as scratch:
        found = judge(check, folder, Path(scratch), the["house"].room(Path(scratch)))
    return verdict_of(found)


def in_forks(calls: Iterable[Callable[[], str]], at_once: int, limit: float) -> list[str]:
    """Return the text that each call gives, in their order; each runs in a fork."""
    calls = list(calls)
    found, running, begun = [""] * len(calls), {}, 0
    with tempfile.TemporaryDirectory(prefix="forks-") as scratch:
        while begun < len(calls) or running:
            while begun < len(calls) and len(running) < at_once:
                file = Path(scratch) / str(begun)
                fork = Fork(lambda file=file, call=calls[begun]: file.write_text(call()))
                running[begun] = (fork, file, time.monotonic() + limit)
                begun += 1
            for number, (fork, file, deadline) in list(running.items()):
                if fork.poll() is None and time.monotonic() < deadline:
                    continue
                done = fork.returncode == 0
                found[number] = file.read_text() if done else "It broke off, or hung."
                end_group(fork)
                del running[number]
            time.sleep(0.004)
    return found
