"""The picture of a run at one moment, as plain values for JSON."""

import contextlib
import threading
import time
from pathlib import Path

import psutil

from workbook.panel.room.doing import Doing
from workbook.panel.room.events import Events
from workbook.panel.room.flood import Flood
from workbook.panel.room.hands import Hands, children_of
from workbook.panel.room.queues import Queues
from workbook.panel.room.tasks import Tasks
from workbook.run.procfile import queue_of
from workbook.run.stage_run import StageRun

FRESH = 0.2  # seconds for which a look at the queues serves all who ask
FRESH_PROCESSES = 2.0  # the same for the processes: looking at them costs more
LINES = 40  # of each log


class Picture:
    def __init__(self, run: StageRun):
        self.run = run
        self.hands = Hands(run)
        self.ready = False  # whether the stage has once answered as a whole
        self.ending = ""  # why the stage ends, in a sentence
        self.closed = False
        nodes = run.nodes()
        queues = {name: queue_of(run.commands[name]) for name in nodes}
        self.tasks = Tasks({node: (name, queues[name]) for name, node in nodes.items()})
        self.queue_names = list(dict.fromkeys(queues.values())) or ["celery"]
        self.queues: Queues | None = None
        self.events: Events | None = None
        self.flood: Flood | None = None
        self.doing: Doing | None = None
        self.seen: dict[
            int, psutil.Process
        ] = {}  # cpu_percent() compares with its last call
        self.lock = threading.Lock()
        self.looked = self.measured = 0.0
        self.figures: list[dict] = []

    def connect(self) -> None:
        """Begin to listen, once the broker has an address."""
        self.queues = Queues(self.run.broker, self.queue_names)
        self.events = Events(self.run.broker, self.tasks.hear)
        # Those that run are asked to send events, and in a flood to send none. Whoever is
        # started later sends from its first task on, and cannot be told to stop.
        self.run.services.own["WORKER_OPTIONS"] += " --events"
        self.flood = Flood(self.run.broker, self.events, self.tasks)
        self.doing = Doing(self.run.broker, self.tasks)
        self.ready = True

    def close(self) -> None:
        self.closed = True
        if self.events:
            self.events.close()
            self.doing.close()

    def now(self, version: int = 0, fresh: bool = False) -> dict:
        """All of it; of the tasks, those that have changed since `version`."""
        with self.lock:
            self._look(fresh)
            processes = self.figures
        if self.doing:
            self.doing.look()
        version, tasks = self.tasks.changed_since(version)
        return {
            "stage": self.run.stage.number,
            "ready": self.ready and not self.ending and self._all_run(processes),
            "ending": self.ending,
            "processes": processes,
            "queues": self.queues.depths if self.queues else {},
            "broker": bool(self.queues and self.queues.up),
            "tasks": tasks,
            "version": version,
            "flood": self.flood.rate if self.flood else None,
            "counts": dict(self.tasks.counts),
            "timeline": self.tasks.timeline(),
        }

    def _all_run(self, processes: list[dict]) -> bool:
        up = all(one["state"] == "running" for one in processes)
        return up and not self.hands.settling

    def _look(self, fresh: bool) -> None:
        now = time.monotonic()
        if self.queues and (fresh or now - self.looked > FRESH):
            for name, messages in self.queues.look().items():
                if self.flood.rate is None:
                    self.tasks.see_waiting(name, messages)
            self.looked = time.monotonic()
        if fresh or now - self.measured > FRESH_PROCESSES:
            self.figures = [self.process(name) for name in self.hands.names]
            self.measured = time.monotonic()
        for one in self.figures:
            one["state"] = self.hands.state(one["name"])

    def process(self, name: str) -> dict:
        """One process with what it costs: itself and its children."""
        process = self.hands.process(name)
        main = process.main if process else None
        children = children_of(process) if main else []
        family = [self._same(one) for one in (main, *children) if one]
        return {
            "name": name,
            "state": self.hands.state(name),
            "pid": main.pid if main else None,
            "children": [one.pid for one in children],
            "memory": sum(memory(one) for one in family),
            "cpu": round(sum(cpu(one) for one in family), 1),
        }

    def busy_child(self, name: str) -> int | None:
        """The child that runs a task: the one whose end is worth seeing."""
        process, busy = self.hands.process(name), self.tasks.busy_child(name)
        alive = [one.pid for one in children_of(process)] if process else []
        return busy if busy in alive else None

    def _same(self, process: psutil.Process) -> psutil.Process:
        """The object of the last look: it knows what was used until then."""
        known = self.seen.get(process.pid)
        if known != process:
            if len(self.seen) > 500:
                self.seen.clear()
            known = self.seen[process.pid] = process
        return known

    def log(self, name: str) -> list[str]:
        """The last lines of a process's log."""
        process = self.hands.process(name)
        return tail(process.log) if process else []


def memory(process: psutil.Process) -> int:
    """Bytes; what several share is counted once where the system tells (Linux)."""
    with contextlib.suppress(psutil.Error):
        full = process.memory_full_info()
        return getattr(full, "pss", full.rss)
    return 0


def cpu(process: psutil.Process) -> float:
    """Percent of one core since the last look."""
    with contextlib.suppress(psutil.Error):
        return process.cpu_percent()
    return 0.0


def tail(path: Path) -> list[str]:
    try:
        with path.open("rb") as log:
            log.seek(0, 2)
            log.seek(max(0, log.tell() - 16_000))
            return log.read().decode(errors="replace").splitlines()[-LINES:]
    except OSError:
        return []
