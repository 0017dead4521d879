"""Who is here: a sorted set of Redis for each room, whose entries expire by themselves.

A web process that is killed cannot say goodbye for its sockets. So an entry, a name in
a process, counts until a time, and its process renews it. Times are those of Redis'
clock: processes on several machines need not agree on theirs.

These functions wait for Redis: call them in a thread. They raise redis.RedisError.
"""

import secrets
from functools import cache
from typing import NamedTuple

import redis
from channels.layers import InMemoryChannelLayer, get_channel_layer
from django.conf import settings

from .memory import Memory

PROCESS = secrets.token_hex(4)
SHOWN = 50  # names; a larger crowd is only counted
READ = 500  # entries; in a room with more, a name in two processes counts twice
ROOMS = "chat:rooms"  # a sorted set of the rooms that somebody may be in


class People(NamedTuple):
    """Who is in a room: SHOWN names, sorted, and how many there are."""

    names: list[str]
    count: int


def enter(room: str, name: str) -> tuple[People, bool]:
    """Note a name of this process; return who is here, and whether it is new."""
    before = names_in([room])[room][0]
    return renew({room: [name]})[room], name not in before


def leave(rooms: dict[str, list[str]]) -> dict[str, tuple[People, list[str]]]:
    """Remove names of this process; return who is here, and who has gone, room by room."""
    store().remove(rooms)
    here = names_in(rooms)
    return {
        room: (people(*here[room]), [name for name in names if name not in here[room][0]])
        for room, names in rooms.items()
    }


def renew(rooms: dict[str, list[str]]) -> dict[str, People]:
    """Say that the names are still in this process; return who is here, room by room."""
    store().put(rooms, settings.CHAT_LEASE)
    return {room: people(*found) for room, found in names_in(rooms).items()}


def rooms_in_use() -> list[tuple[str, int]]:
    """Return the twenty fullest rooms and how many names each has."""
    found = names_in(store().rooms()).items()
    full = sorted((-count, room) for room, (_, count) in found if count)
    return [(room, -count) for count, room in full[:20]]


def names_in(rooms) -> dict[str, tuple[set, int]]:
    """Return the names in each room, at most READ, and how many there are."""
    found = {}
    for room, (entries, count) in store().read(rooms).items():
        names = {entry.split("\0")[0] for entry in entries}
        found[room] = names, count if count > len(entries) else len(names)
    return found


def people(names: set, count: int) -> People:
    return People(sorted(names)[:SHOWN], count)


class InRedis:
    """For each room a sorted set: entry -> the time until which it counts."""

    def __init__(self):
        # A Redis that does not answer is an error soon.
        patience = {"socket_timeout": 2, "socket_connect_timeout": 2}  # seconds
        self.client = redis.Redis.from_url(
            settings.REDIS_URL, decode_responses=True, **patience
        )

    def now(self) -> float:
        seconds, microseconds = self.client.time()
        return seconds + microseconds / 1e6

    def put(self, rooms, lease):
        until, pipe = self.now() + lease, self.client.pipeline()
        for room, names in rooms.items():
            pipe.zadd(key_of(room), {entry_of(name): until for name in names})
            pipe.expire(key_of(room), int(lease) + 1)
        pipe.zadd(ROOMS, dict.fromkeys(rooms, until))
        pipe.execute()

    def remove(self, rooms):
        pipe = self.client.pipeline()
        for room, names in rooms.items():
            pipe.zrem(key_of(room), *map(entry_of, names))
        pipe.execute()

    def read(self, rooms) -> dict:
        rooms, now, pipe = list(rooms), self.now(), self.client.pipeline()
        for room in rooms:
            pipe.zremrangebyscore(key_of(room), 0, now)
            pipe.zrange(key_of(room), 0, READ - 1)
            pipe.zcard(key_of(room))
        answers = pipe.execute()
        return dict(zip(rooms, zip(answers[1::3], answers[2::3], strict=True), strict=True))

    def rooms(self) -> list[str]:
        now = self.now()
        self.client.zremrangebyscore(ROOMS, 0, now)
        return self.client.zrange(ROOMS, 0, -1)


def key_of(room):
    return f"chat:here:{room}"


def entry_of(name):
    return f"{name}\0{PROCESS}"


in_redis = cache(InRedis)
in_memory = Memory()


def store():
    """Presence lives where the layer lives."""
    layer = get_channel_layer()
    return in_memory if isinstance(layer, InMemoryChannelLayer) else in_redis()
