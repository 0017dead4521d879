"""How many messages wait in each queue, and which come next: the broker's own word."""

import json
import threading

import redis
from kombu import Connection
from kombu.exceptions import ChannelError

from workbook.panel.room.tasks import SEEN


class Queues:
    """Looks into the queues without taking anything out."""

    def __init__(self, broker: str, names: list[str]):
        self.names = names
        self.lock = threading.Lock()
        self.depths = dict.fromkeys(names, 0)  # as last seen
        self.up = False
        limits = {"socket_timeout": 1, "socket_connect_timeout": 1}  # seconds
        self.is_redis = broker.startswith("redis")
        if self.is_redis:
            self.client = redis.Redis.from_url(broker, **limits, retry=None)
        else:
            self.connection = Connection(broker, connect_timeout=1)

    def look(self) -> dict[str, list[tuple[str, str]]]:
        """Return the id and the name of what comes next; `depths` and `up` follow."""
        with self.lock:
            try:
                found = self._look_into_redis() if self.is_redis else self._ask()
                self.up = True
                return found
            except Exception:  # whatever a broker that is down makes of it
                self.up = False
                return {}

    def _look_into_redis(self) -> dict[str, list[tuple[str, str]]]:
        """Kombu keeps a queue as a list of this name: pushed left, popped right."""
        pipeline = self.client.pipeline(transaction=False)
        for name in self.names:
            pipeline.llen(name).lrange(name, -SEEN, -1)
        answers = pipeline.execute()
        self.depths = dict(zip(self.names, answers[::2], strict=True))
        return {
            name: [headline(raw) for raw in reversed(messages)]
            for name, messages in zip(self.names, answers[1::2], strict=True)
        }

    def _ask(self) -> dict:
        """Other brokers tell the number alone."""
        with self.connection.channel() as channel:
            for name in self.names:
                try:
                    declared = channel.queue_declare(name, passive=True)
                    self.depths[name] = declared.message_count
                except ChannelError:  # nobody has made it yet
                    self.depths[name] = 0
        return {}


def headline(message: bytes) -> tuple[str, str]:
    """The task's id and name, which stand in the headers of its message."""
    headers = json.loads(message).get("headers", {})
    return headers.get("id", "?"), headers.get("task", "?")
