"""Which child of a worker runs which task: Celery's events do not tell, so one asks.

Only while somebody looks on, and only until it is known: once a task that takes its time.
"""

import threading
from collections.abc import Iterator

from celery import Celery

from workbook.panel.room.tasks import Tasks

PATIENCE = 0.5  # seconds for the answers
PAUSE = 0.3  # seconds between two questions


class Doing:
    """A thread that asks when `look()` finds a running task whose child is not known."""

    def __init__(self, broker: str, tasks: Tasks):
        self.broker, self.tasks = broker, tasks
        self.wanted, self.closing = threading.Event(), threading.Event()
        threading.Thread(target=self._ask, name="doing", daemon=True).start()

    def look(self) -> None:
        if self.tasks.childless():
            self.wanted.set()

    def close(self) -> None:
        self.closing.set()
        self.wanted.set()

    def _ask(self) -> None:
        workers = len(self.tasks.workers)
        with Celery(broker=self.broker, set_as_current=False) as app:
            while self.wanted.wait() and not self.closing.is_set():
                self.wanted.clear()
                asked = self.tasks.childless()
                try:
                    inspect = app.control.inspect(timeout=PATIENCE, limit=workers)
                    found = dict(children(inspect.active() or {}))
                except Exception:  # whatever a broker that is down makes of it
                    found = {}
                for task_id in asked:
                    self.tasks.runs_in(task_id, found.get(task_id))
                self.closing.wait(PAUSE)


def children(active: dict[str, list[dict]]) -> Iterator[tuple[str, int]]:
    """Yield the id of each task that runs, and the number of its process."""
    for tasks in active.values():
        for task in tasks:
            yield task["id"], task["worker_pid"]
