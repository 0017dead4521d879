"""Listens to Celery's own events, which workers send when they are asked to."""

import threading
from collections.abc import Callable

from celery import Celery
from celery.events import EventReceiver

AGAIN = 0.5  # seconds until it tries again when the broker is down


class Receiver(EventReceiver):
    def event_from_message(self, body, *_, **__):
        """Leave the time as it is, seconds since 1970, whatever the worker's time zone."""
        return super().event_from_message(body, localize=False)


class Events:
    """A thread that gives each event to `hear`, until `close()`."""

    def __init__(self, broker: str, hear: Callable[[dict], None]):
        self.broker, self.hear = broker, hear
        self.closing, self.paused = threading.Event(), threading.Event()
        self.receiver = None
        self.heard = 0  # events about tasks
        self.beats: dict[str, float] = {}  # node: when its heart was last heard
        threading.Thread(target=self._listen, name="events", daemon=True).start()

    def pause(self) -> None:
        """Hear nothing, and cost nothing, until `resume()`."""
        self.paused.set()
        if self.receiver:
            self.receiver.should_stop = True

    def resume(self) -> None:
        self.paused.clear()

    def close(self) -> None:
        self.closing.set()
        self.pause()

    def _listen(self) -> None:
        with Celery(broker=self.broker, set_as_current=False) as app:
            while not self.closing.is_set():
                if self.paused.is_set():
                    self.closing.wait(AGAIN)
                    continue
                try:
                    with app.connection_for_read() as connection:
                        handlers = {"*": self._take}
                        self.receiver = Receiver(connection, handlers, app=app)
                        self.receiver.capture(limit=None, timeout=None, wakeup=True)
                except Exception:  # whatever a broker that is down makes of it
                    self.closing.wait(AGAIN)

    def _take(self, event: dict) -> None:
        if event["type"].startswith("worker-"):
            node = event["hostname"].partition("@")[0]
            gone = event["type"] == "worker-offline"
            self.beats[node] = 0.0 if gone else event["local_received"]
        else:
            self.heard += 1
            self.hear(event)
