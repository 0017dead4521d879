"""The sockets of jobs: the true state at once, then every change, and the end once."""

import asyncio
import json
import uuid

from channels.generic.websocket import AsyncWebsocketConsumer

from sockets.close_codes import DONE, NOT_FOUND, NOT_LOGGED_IN
from sockets.frames import BadFrame

from .watching.watch import Seat
from .watching.watches import watches

MOST_JOBS = 200  # that one page may watch


class Watcher(AsyncWebsocketConsumer):
    """A socket with seats at the watches of jobs. Each sends it what is new there.

    A socket that reads slowly misses states, never the newest one: it takes what the
    watch has when its turn comes.
    """

    channel_layer_alias = None  # no channel of its own: the watches hear the news

    async def __call__(self, *args):
        self.seats: dict[uuid.UUID, Seat] = {}
        self.news = asyncio.Event()
        self.sending = None
        try:
            await super().__call__(*args)
        finally:  # in whatever way it ends
            if self.sending:
                self.sending.cancel()
            for seat in self.seats.values():
                watches.leave(seat)

    async def connect(self):
        # Accept first: a close before that reaches the browser as a bare HTTP 403.
        await self.accept()
        if not self.scope["user"].is_authenticated:
            await self.close(NOT_LOGGED_IN)
            return
        self.sending = asyncio.create_task(self.send_news())
        await self.begin()

    async def sit_down(self, job_id):
        if job_id in self.seats:
            return
        seat = await watches.sit_down(job_id, self.scope, self.news.set)
        self.seats[job_id] = seat
        self.news.set()

    def leave(self, seat: Seat):
        watches.leave(self.seats.pop(seat.watch.job_id))

    async def send_news(self):
        while True:
            await self.news.wait()
            self.news.clear()
            for seat in list(self.seats.values()):
                await self.show(seat)

    async def show(self, seat: Seat):
        if not seat.may_see():
            await self.lost(seat)
            return
        lines, text = seat.newer()
        told = [json.dumps(self.line_frame(seat, line)) for line in lines]
        state = [text] if text else []
        # The state first, then the log; but after the final state comes nothing.
        for frame in told + state if seat.over else state + told:
            await self.send(text_data=frame)
        if seat.over:
            await self.ended(seat)


class JobConsumer(Watcher):
    """One job: {"id", "state", "done", …, "seq", "final"} and {"log", "n"} frames."""

    async def begin(self):
        await self.sit_down(self.scope["url_route"]["kwargs"]["job_id"])

    async def receive(self, **_):
        """This watcher has nothing to say: whatever it sends is ignored."""

    def line_frame(self, seat, line):
        return line

    async def lost(self, seat):
        self.leave(seat)
        await self.close(NOT_FOUND)

    async def ended(self, seat):
        self.leave(seat)
        await self.close(DONE)


class JobsConsumer(Watcher):
    """All the jobs of a page: the same frames, with the job's "id" in the log's as well.

    The page says {"watch": [id, …]} as often as it likes. It is told {"id", "gone"} of a
    job that is not there, or is somebody else's.
    """

    async def begin(self):
        """Wait for the page to say what it shows."""

    async def receive(self, text_data=None, **_):
        for text in wanted(text_data):
            if len(self.seats) < MOST_JOBS:
                await self.sit_down(uuid.UUID(text))

    def line_frame(self, seat, line):
        return {"id": str(seat.watch.job_id), **line}

    async def lost(self, seat):
        self.leave(seat)
        gone = {"id": str(seat.watch.job_id), "gone": True}
        await self.send(text_data=json.dumps(gone))

    async def ended(self, seat):
        self.leave(seat)


def wanted(text: str) -> list[str]:
    """Return the ids of {"watch": [id, …]}."""
    return json.loads(text)["watch"]


def check_wish(content: dict):
    """Refuse what a page may not say; the gate asks before the consumer sees it."""
    ids = content.get("watch")
    if not isinstance(ids, list) or not all(map(_is_id, ids)):
        raise BadFrame('Say which jobs: {"watch": ["an id", …]}.')


def _is_id(text) -> bool:
    try:
        return bool(uuid.UUID(text))
    except (ValueError, AttributeError, TypeError):
        return False
