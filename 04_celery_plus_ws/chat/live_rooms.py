"""The rooms of this process: what is done once for all their sockets."""

import asyncio
import logging
from collections import Counter, defaultdict

from channels.db import database_sync_to_async
from django.conf import settings
from django.db import Error

from sockets.fan_out import AT_ONCE, hub, one_a_loop
from sockets.layer import LAYER_DOWN

from . import frames, history, presence
from .rooms import group_of

logger = logging.getLogger(__name__)
last_of = database_sync_to_async(history.last)
rows_after = database_sync_to_async(history.after)
newest = database_sync_to_async(history.newest)


class LiveRoom:
    """The sockets of one room in this process, and what all of them have heard."""

    def __init__(self, name):
        self.name, self.group = name, group_of("chat", name)
        self.sockets, self.names = {}, Counter()
        self.told = set()  # ids of the messages that were passed on here
        self.since = None  # an id: what is older was here before this process looked
        self.people = None

    def on_event(self, event):
        """What the hub brings: messages, or news of who comes and goes."""
        new = [frame for frame in event.get("frames", ()) if frame[0] not in self.told]
        self.told.update(number for number, _ in new)
        for socket in self.sockets:
            if new:
                socket.hear_frames(new)
            if "news" in event and socket.wants_news:
                socket.hear_frames([[None, event["news"]]])

    def forget(self, seen):
        """Forget which messages up to this id were told: nobody will bring them again."""
        self.told = {number for number in self.told if number > seen}
        for socket in self.sockets:
            if socket.told and max(socket.told) <= seen:
                socket.told = frozenset()

    async def tell_news(self, event: str, name: str, people):
        """Tell the room who came or went. In a crowd nobody reads it: then be silent."""
        self.people = people
        if people.count <= presence.SHOWN:
            await hub().tell(self.group, news=frames.news(event, name, people))


class LiveRooms:
    """All of them; they are looked after together, every third of a lease."""

    def __init__(self):
        self.rooms = {}
        self.left = defaultdict(list)  # room -> names, still to be told
        self.telling = self.looking = None
        self.seen = self.newest = None  # the highest id two looks ago, and one look ago

    async def enter(self, name, socket):
        """Let a socket in: first it listens, then it reads what was said before."""
        room = socket.room = self.rooms.setdefault(name, LiveRoom(name))
        room.sockets[socket] = True
        room.names[socket.name] += 1
        if self.seen is None:
            self.seen = self.newest = await newest()
        await hub().join(room.group, room.on_event)
        is_new = room.people is None or room.names[socket.name] == 1
        if is_new:
            room.people, is_new = await asyncio.to_thread(presence.enter, name, socket.name)
        rows = await last_of(name)
        if room.since is None:
            room.since = rows[0].id - 1 if rows else 0
        socket.welcome(rows)
        if socket.wants_news:
            socket.hear(frames.news("welcome", socket.name, room.people))
        if self.looking is None or self.looking.done():
            self.looking = asyncio.create_task(self._look_again_and_again())
        if is_new:
            await room.tell_news("join", socket.name, room.people)

    def leave(self, socket):
        room = socket.room
        del room.sockets[socket]
        room.names[socket.name] -= 1
        if not room.names[socket.name]:
            del room.names[socket.name]
            self.left[room].append(socket.name)
        if not room.sockets:
            hub().leave(room.group, room.on_event)
            del self.rooms[room.name]
        if self.left and (self.telling is None or self.telling.done()):
            self.telling = asyncio.create_task(self._tell_who_left())

    async def _tell_who_left(self):
        """Whoever leaves while Redis is told of others shares the next trip to it."""
        while self.left:
            left, self.left = self.left, defaultdict(list)
            gone = {
                r.name: [n for n in names if n not in r.names] for r, names in left.items()
            }
            gone = {name: names for name, names in gone.items() if names}
            try:
                found = await asyncio.to_thread(presence.leave, gone)
            except LAYER_DOWN as error:
                logger.warning("Redis did not hear who has left: %s", error)
                continue
            for room in left:
                people, names = found.get(room.name, (None, ()))
                for name in names:
                    await room.tell_news("leave", name, people)

    # --- again and again ------------------------------------------------------------

    async def _look_again_and_again(self):
        while self.rooms:
            await asyncio.sleep(settings.CHAT_LEASE / 3)
            try:
                await self._look_for_lost_messages()
            except Error as error:
                logger.warning("The database does not answer: %s", error)
            try:
                await self._renew()
            except LAYER_DOWN as error:  # it will be done when Redis is back
                logger.warning("Redis does not answer: %s", error)

    async def _look_for_lost_messages(self):
        """One query for all rooms: which rows has the layer not brought?"""
        rows = await rows_after(self.seen)
        for row in rows:
            room = self.rooms.get(row.room)
            if room and room.since is not None and row.id > room.since:
                room.on_event({"frames": [[row.id, frames.message(row, old=True)]]})
        # What was there at the last look is looked at once more: of two rows that are
        # written together, the one with the smaller id may be seen later.
        self.seen, self.newest = self.newest, max([self.newest, *(row.id for row in rows)])
        for room in self.rooms.values():
            room.forget(self.seen)

    async def _renew(self):
        names = {room.name: list(room.names) for room in self.rooms.values() if room.names}
        parts = list(names.items())
        for at in range(0, len(parts), AT_ONCE):
            part = dict(parts[at : at + AT_ONCE])
            for name, people in (await asyncio.to_thread(presence.renew, part)).items():
                room = self.rooms.get(name)
                if room and people != room.people:
                    room.people = people
                    await self._tell_here(room)

    async def _tell_here(self, room):
        for number, socket in enumerate(list(room.sockets)):
            if socket.wants_news:
                socket.hear_frames([[None, frames.news("here", socket.name, room.people)]])
            if number % AT_ONCE == 0:
                await asyncio.sleep(0)


live_rooms = one_a_loop(LiveRooms)
