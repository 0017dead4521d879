"""What is said is first kept, then told: a row is the truth, a frame is news.

Whoever speaks while the database is busy shares the next trip to it, and the next
event of the layer. So the busier the room, the less one message costs.
"""

import asyncio
import logging
from collections import defaultdict

from channels.db import database_sync_to_async
from django.db import Error

from sockets.fan_out import hub, one_a_loop
from sockets.frames import error

from . import frames, history

MOST = 1000  # messages that may wait; what comes then is refused
LATER = "Not delivered: Redis does not answer. It is kept, and comes later."
NOT_KEPT = "Not delivered: the database does not answer. Try again soon."
logger = logging.getLogger(__name__)
keep = database_sync_to_async(history.add_all)


class Desk:
    """The one place of this process where messages are written."""

    def __init__(self):
        self.waiting = []  # (socket, text)
        self.task = None

    def take(self, socket, text: str):
        """Keep and tell what the socket has said."""
        if len(self.waiting) >= MOST:
            socket.hear(error(NOT_KEPT))
            return
        self.waiting.append((socket, text))
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._work())

    async def _work(self):
        while self.waiting:
            said, self.waiting = self.waiting, []
            try:
                rows = await keep([(s.room.name, s.name, text) for s, text in said])
            except Error as reason:
                logger.warning("Messages could not be kept: %s", reason)
                for socket, _ in said:
                    socket.hear(error(NOT_KEPT))
                continue
            await self._tell(
                [(socket, row) for (socket, _), row in zip(said, rows, strict=True)]
            )

    async def _tell(self, said):
        rooms = defaultdict(list)
        for socket, row in said:
            rooms[socket.room].append((socket, row))
        for room, here in rooms.items():
            news = [[row.id, frames.message(row)] for _, row in here]
            if await hub().tell(room.group, frames=news):
                continue
            # Some may have heard it all the same: Redis may be slow and not dead. So
            # the rows stay. Other processes find them with their next look.
            for socket, _ in here:
                socket.hear(error(LATER))
            room.on_event({"frames": news})


desk = one_a_loop(Desk)
