"""Judging many copies in a row: what takes long to load is loaded once.

`warm_up()` loads Django and Celery, but no settings and nothing of a copy. From then on
each judge is a fork of this process (`in_forks`), and so is each call into a copy
(`WarmRoom`). It is for our own proofs: there is no wall between a copy and its judge.
"""

import importlib
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from pathlib import Path

from workbook.exercises.checking import inside, room
from workbook.exercises.checking.calls import Room
from workbook.exercises.checking.check import Verdict, verdict_of
from workbook.exercises.checking.judge import judge
from workbook.run.guard import end_group
from workbook.stages import ROOT

LIBRARIES = (
    *("celery.app.amqp", "celery.app.base", "celery.app.builtins", "celery.app.control"),
    *("celery.app.backends", "celery.app.registry", "celery.app.task", "celery.app.trace"),
    *("celery.backends.cache", "celery.fixups.django", "celery.loaders.app"),
    *("celery.result", "celery.schedules", "celery.utils.dispatch"),
    *("kombu.simple", "kombu.transport.memory", "kombu.transport.virtual"),
    *("django.contrib.staticfiles.handlers", "django.core.handlers.wsgi"),
    *("django.core.management.commands.migrate", "django.core.mail.backends.locmem"),
    *("django.core.cache.backends.locmem", "django.core.mail.backends.smtp"),
    *("django.db.backends.sqlite3.base", "django.db.migrations.autodetector"),
    *("django.db.models.sql.compiler", "django.forms", "django.template.backends.django"),
    *("django.template.defaulttags", "django.template.loader_tags", "django.test.client"),
    *("django.test.signals", "django.test.utils", "django.views.debug"),
    *("django.views.defaults", "django.views.generic", "environ", "redis", "whitenoise"),
    "workbook.run.redis_server",
)


def warm_up():
    for name in LIBRARIES:
        importlib.import_module(name)


class Fork:
    """A child process that runs a function: as much of a Popen as a room needs."""

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


class WarmRoom(Room):
    """The room as a fork of this process, and each call into the copy as a fork of it."""

    def __init__(self, scratch: Path):
        orders, answers = os.pipe(), os.pipe()

        def live():
            _wire(orders[0], answers[1])
            for number in (*orders, *answers):
                os.close(number)
            room.begin = call_in_fork
            room.main(str(scratch))

        self.child = Fork(live)
        os.close(orders[0])
        os.close(answers[1])
        self.child.stdin = os.fdopen(orders[1], "wb")
        self.child.stdout = os.fdopen(answers[0], "rb")


def call_in_fork(order: dict, answer, asked, out, err) -> Fork:
    """Do what inside.py does, in a process like the one that it would have."""

    def run():
        _wire(asked.fileno(), out.fileno(), err.fileno())
        os.environ.clear()
        os.environ.update(order["env"])
        os.chdir(order["cwd"])
        sys.path[:] = [path for path in sys.path if path not in ("", str(ROOT))]
        sys.argv[1:] = [str(answer.fileno())]
        sys.dont_write_bytecode = True
        inside.main()

    return Fork(run)


def _wire(*numbers: int):
    """Make these files standard input, output and error."""
    for standard, number in enumerate(numbers):
        os.dup2(number, standard)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115


def judge_warm(check: Path, folder: Path) -> Verdict:
    """Judge a copy in this process, as judge.py does in one of its own."""
    with tempfile.TemporaryDirectory(prefix="check-") as scratch:
        found = judge(check, folder, Path(scratch), WarmRoom(Path(scratch)))
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
