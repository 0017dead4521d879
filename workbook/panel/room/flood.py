"""When there are too many tasks to follow each: count them, and spare the workers.

Events cost a worker as much as a tiny task does. So in a flood the workers are told to send
none, nobody reads, and once a second they say how many tasks they have taken.
"""

import threading
from collections.abc import Callable

from celery import Celery

from workbook.panel.room.events import Events
from workbook.panel.room.tasks import Tasks

LOOK = 0.5  # seconds
MANY = 75  # events in one look: about 50 tasks a second
FEW = 25  # tasks a second: then each is followed again


class Flood:
    """A thread beside that of the events, until those are closed."""

    def __init__(self, broker: str, events: Events, tasks: Tasks):
        self.broker, self.events, self.tasks = broker, events, tasks
        self.rate: float | None = None  # tasks a second while they are only counted
        threading.Thread(target=self._watch, name="flood", daemon=True).start()

    def _watch(self) -> None:
        with Celery(broker=self.broker, set_as_current=False) as app:
            self._try(app.control.enable_events)
            heard = self.events.heard
            while not self.events.closing.wait(LOOK):
                before, heard = heard, self.events.heard
                if heard - before > MANY:
                    self._try(lambda: self._count(app))
                    heard = self.events.heard

    def _count(self, app: Celery) -> None:
        """Count until there are few again."""
        app.control.disable_events()
        self.events.pause()
        self.rate = 0.0
        self.tasks.let_go()
        try:
            before, quiet = taken(app), 0
            while quiet < 2 and not self.events.closing.wait(0.5):
                now = taken(app)  # takes half a second
                self.rate = max(0, now - before)
                self.tasks.count_only(now - before)
                before, quiet = now, quiet + 1 if self.rate < FEW else 0
        finally:
            self.rate = None
            app.control.enable_events()
            self.events.resume()

    def _try(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception:  # whatever a broker that is down makes of it: look again later
            self.events.closing.wait(1)


def taken(app: Celery) -> int:
    """How many tasks the workers have begun since they were started."""
    stats = app.control.inspect(timeout=0.5).stats() or {}
    return sum(sum(one["total"].values()) for one in stats.values())
