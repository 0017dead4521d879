"""What a notebook needs: the real stage, running, and a visitor to use it.

    from workbook.lesson import claim, start_stage, wait_for
    lesson = start_stage(1)
    lesson.post("/slow/task/", {"seconds": 1}).json()

The servers belong to the kernel. When it ends, also by kill -9, they end.
"""

import os
import re
import shutil
import signal
import sys
from unittest import mock

import redis as redis_client
from celery import Celery

from workbook.run import variables
from workbook.run.readiness import http_ok
from workbook.run.stage_run import StageRun
from workbook.stages import ROOT, stage
from workbook.visitor import Inbox, Visitor
from workbook.waiting import wait_for

STATES = ROOT / "var" / "lessons"
_current: "Lesson | None" = None  # one kernel, one stage


def start_stage(
    number: int, env: dict[str, str] | None = None, only: tuple[str, ...] = ()
) -> "Lesson":
    """Start stage `number` on free ports; return when all of it answers.

    A second call in the same kernel stops the first run and begins with a fresh
    database. `env` is added to the environment of the stage's processes; with `only`,
    no others than these are started.
    """
    global _current  # noqa: PLW0603 - a kernel has one stage
    if _current is not None:
        _current.refuse_other(number)
        _current.stop()
    if _current is None or _current.number != number:
        _current = Lesson(number, only)
    _current.begin(env or {})
    return _current


class Lesson(Visitor):
    """The running stage, and a first visitor of it."""

    def __init__(self, number: int, only: tuple[str, ...] = ()):
        # A lesson is the same on every machine: it reads no settings from the outside.
        for name in variables.of_a_run():
            del os.environ[name]
        _sweep()
        self.number = number
        self.django_ready = False
        state = STATES / f"stage-{number}-{os.getpid()}"
        self.run = StageRun(stage(number), state, only=only)
        super().__init__(self.run.url)

    def begin(self, env: dict[str, str]):
        """Start it all, and say what was started."""
        shutil.rmtree(self.run.state, ignore_errors=True)
        self.http.cookies.clear()
        self.run.services.overrides = dict(env)
        self.run.start()
        for name, command in self.run.commands.items():
            print(f"{name:<11}", re.sub(r" *\$(WEB|WORKER)_OPTIONS", "", command))
        private = "Redis and a mail inbox" if self.run.inbox else "Redis"
        print(f"Stage {self.number} is running, with {private} of its own.")

    def refuse_other(self, number: int):
        """Django can be set up once in a process: another stage needs another kernel."""
        if self.django_ready and number != self.number:
            raise RuntimeError(
                f"This kernel has the Django of stage {self.number}. "
                f"Restart the kernel (menu Kernel) to run stage {number}."
            )

    # --- processes ------------------------------------------------------------

    @property
    def redis(self):
        """The stage's own Redis: `.stop()`, `.start()`, `.url`."""
        return self.run.redis

    def stop(self, name: str | None = None):
        """Stop one process, a service ("redis", "inbox"), or with no name all of it."""
        if name is None:
            self.run.stop()
            shutil.rmtree(self.run.state, ignore_errors=True)
        elif name in ("redis", "inbox"):
            getattr(self.run, name).stop()
        else:
            self.run.stop_process(name)

    def start(self, name: str, **env: str):
        """Start it again; return when it answers. `env`: variables for this one start."""
        if name == "redis":
            self.run.redis.start()
        elif name == "inbox":
            self.run.services.start_inbox()
        else:
            with mock.patch.dict(self.run.services.overrides, env):
                process = self.run.start_process(name)
            wait_for(lambda: self._answers(name, process), 60, f"{name} to answer")

    def kill(self, name: str = "worker"):
        """End a worker as a crash would: kill -9 of its main process."""
        with Celery(broker=self.run.redis_url, set_as_current=False) as app:
            stats = (
                app.control.inspect(timeout=2, limit=len(self.run.nodes())).stats() or {}
            )
        nodes = {node.partition("@")[0]: known for node, known in stats.items()}
        os.kill(nodes[self.run.nodes()[name]]["pid"], signal.SIGKILL)
        self.run.processes[name].wait(20)

    def _answers(self, name: str, process) -> bool:
        if not process.running:
            raise RuntimeError(
                f"{name} ended at once; print(lesson.log({name!r})) says why."
            )
        if name in self.run.nodes():
            return self.run.nodes()[name] in self.run.workers_alive()
        return name != "web" or http_ok(f"{self.url}/healthz")

    def log(self, name: str) -> str:
        """All that a process has printed, as text."""
        return (self.run.state / "logs" / f"{name}.log").read_text(errors="replace")

    # --- the stage from the inside ----------------------------------------------

    def visitor(self) -> Visitor:
        """Another visitor, with cookies of its own."""
        return Visitor(self.url)

    def manage(self, *words: str, within: float = 60) -> str:
        """Run `manage.py words...`; return what it printed; RuntimeError if it failed."""
        done = self.run.manage(*words, timeout=within)
        if done.returncode:
            last = (done.stderr.strip().splitlines() or ["it said nothing"])[-1]
            raise RuntimeError(f"manage.py {' '.join(words)} failed: {last}")
        return done.stdout

    def queued(self, queue: str = "default") -> int:
        """How many tasks wait in a queue, in Redis, where no worker has taken them yet."""
        with redis_client.Redis.from_url(self.run.redis_url) as client:
            return client.llen(queue)

    @property
    def inbox(self) -> Inbox:
        """The mail inbox of the run."""
        return Inbox(self.run.inbox_url)

    def setup_django(self):
        """Load the stage's Django into this kernel, so that `task.delay()` works here."""
        if self.django_ready:
            return
        sys.path.insert(0, str(self.run.stage.folder))
        own = dict(self.run.services.given)
        own["DJANGO_SETTINGS_MODULE"] = "config.settings"
        with mock.patch.dict(os.environ, own):
            import django

            django.setup()
            import config.celery  # noqa: F401 - makes the stage's Celery app the current one
        self.django_ready = True


def _sweep():
    """Remove the states that kernels which are gone have left."""
    for folder in STATES.glob("stage-*"):
        try:
            os.kill(int(folder.name.rpartition("-")[2]), 0)
        except ProcessLookupError:
            shutil.rmtree(folder, ignore_errors=True)
