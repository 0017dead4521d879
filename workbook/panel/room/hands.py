"""Hands on the processes of a run: stop, start, kill -9, freeze, thaw.

What is ended here is excused: the stage goes on without it. What ends by itself is not.
"""

import contextlib
import os
import signal
import threading
import time

import psutil

from workbook.refusal import Refusal
from workbook.run.processes import Process
from workbook.run.readiness import READY_TIMEOUT
from workbook.run.stage_run import StageRun

ACTS = ("stop", "start", "kill", "kill-child", "freeze", "thaw")
AFTERMATH = 2.0  # seconds in which a main process may follow its killed child


class CannotDo(Exception):
    """In one line: why the act makes no sense now."""


class Hands:
    def __init__(self, run: StageRun):
        self.run = run
        self.stopped: set[str] = set()  # as asked; the others that are down have died
        self.settling: set[str] = set()  # started, and do not answer yet
        self.starting = threading.Lock()

    @property
    def names(self) -> list[str]:
        """The Procfile's, then the services that are ours."""
        services = {"redis": self.run.redis, "mail": self.run.inbox}
        return [*self.run.commands, *(name for name, one in services.items() if one)]

    def process(self, name: str) -> Process | None:
        if name == "redis":
            return self.run.redis.process
        return self.run.inbox if name == "mail" else self.run.processes.get(name)

    def state(self, name: str) -> str:
        """running, stopped, frozen or dead."""
        process = self.process(name)
        down = "stopped" if name in self.stopped or not process else "dead"
        if not process or not process.running:
            return down
        with contextlib.suppress(psutil.NoSuchProcess, AttributeError):
            status = process.main.status()
            if status == psutil.STATUS_ZOMBIE:  # its guard is still ending its children
                return down
            if status == psutil.STATUS_STOPPED:
                return "frozen"
        return "running"

    def act(self, name: str, act: str, child: int | None = None) -> None:
        """Do one of ACTS; CannotDo when there is nothing to do it to."""
        if act == "start":
            self.start(name)
        elif act in ("stop", "kill") and self.state(name) in ("stopped", "dead"):
            return
        elif self.state(name) in ("stopped", "dead"):
            raise CannotDo(f"{name} does not run.")
        elif act == "kill-child":
            self.kill_child(name, child)
        else:
            {"stop": self.stop, "kill": self.kill}.get(act, self.signal)(name, act)

    def stop(self, name: str, _: str = "") -> None:
        self.run.excused.add(name)
        self.stopped.add(name)
        self.process(name).stop()

    def kill(self, name: str, _: str = "") -> None:
        self.run.excused.add(name)
        with contextlib.suppress(psutil.NoSuchProcess, AttributeError):  # just ended
            self.process(name).main.kill()
        self.process(name).wait(AFTERMATH * 3)  # its guard ends its children

    def kill_child(self, name: str, child: int | None) -> None:
        process = self.process(name)
        children = children_of(process)
        if child is not None:
            children = [one for one in children if one.pid == child]
        if not children:
            raise CannotDo(f"{name} has no such child process.")
        self.run.excused.add(name)
        victim = children[-1]
        with contextlib.suppress(psutil.NoSuchProcess):
            victim.kill()
        process.wait(AFTERMATH)  # a reloader ends with its server, a pool does not
        if process.running and self.state(name) != "stopped":
            self.run.excused.discard(name)

    def signal(self, name: str, act: str) -> None:
        """Freeze or thaw it with its children: they are a process group of their own."""
        number = signal.SIGSTOP if act == "freeze" else signal.SIGCONT
        with contextlib.suppress(ProcessLookupError, AttributeError):  # just ended
            os.killpg(self.process(name).main.pid, number)
        wanted, deadline = act == "freeze", time.monotonic() + AFTERMATH
        while (self.state(name) == "frozen") != wanted and time.monotonic() < deadline:
            time.sleep(0.01)  # on a busy machine the signal takes a moment

    def start(self, name: str) -> None:
        """Start what is down; it counts as ready when it answers."""
        with self.starting:  # two people press the same button
            if self.state(name) not in ("stopped", "dead"):
                return
            self.stopped.discard(name)
            if process := self.process(name):
                process.wait(AFTERMATH * 3)  # until the last of its children is gone
            try:
                self._bring_back(name)
            except Refusal as reason:  # its port was taken meanwhile, or the like
                raise CannotDo(str(reason)) from None
            self.settling.add(name)
            process, deadline = self.process(name), time.monotonic() + AFTERMATH
            while process.running and not process.main and time.monotonic() < deadline:
                time.sleep(0.01)  # its guard is about to start it
        threading.Thread(target=self._settle, args=(name,), daemon=True).start()

    def _bring_back(self, name: str) -> None:
        if name == "redis":
            self.run.redis.start()
        elif name == "mail":
            self.run.services.start_inbox()
        else:
            self.run.start_process(name)

    def _settle(self, name: str) -> None:
        """Watch a start: what does not come up stays excused, so that the stage goes on."""
        process, deadline = self.process(name), time.monotonic() + READY_TIMEOUT
        while process.running and not self.answers(name) and time.monotonic() < deadline:
            time.sleep(0.2)
        if process.running:
            self.run.excused.discard(name)
        self.settling.discard(name)

    def answers(self, name: str) -> bool:
        if name == "web":
            return self.run.answers()
        node = self.run.nodes().get(name)
        if node is None:  # nobody to ask: it is up when it has not fallen over soon
            return self.process(name).wait(AFTERMATH) is None
        return node in self.run.workers_alive()


def children_of(process: Process) -> list[psutil.Process]:
    """The living children of a process, the oldest first."""
    try:
        return process.main.children(recursive=True) if process.main else []
    except psutil.NoSuchProcess:
        return []
