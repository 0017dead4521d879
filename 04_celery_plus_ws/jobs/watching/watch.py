"""What this process knows of one job, and where its sockets have a seat.

The row is the truth, a message of the group is only news. So a watch joins the job's
group first and reads the row then. It keeps the newest snapshot and the log, and each
socket takes from it what it has not been told yet.
"""

import asyncio
import json
import logging

from channels.layers import get_channel_layer

from sockets.layer import LAYER_DOWN

from .. import bridge
from . import looking

MOST_LINES = 200  # kept of a log
AT_ONCE = 200  # sockets that are woken before the loop may do something else
AGAIN = 1  # seconds; until a layer that does not answer is asked once more
logger = logging.getLogger(__name__)


class Watch:
    """One job: `seq`, the newest state as `text`, and the `lines` of its log."""

    def __init__(self, job_id):
        self.job_id = job_id
        self.owner_id = None  # None: there is no such job
        self.seq = 0
        self.text = ""
        self.final = False
        self.lines = []
        self.seats = set()
        self.behind = False  # some sockets have not been woken since the last change
        self.waking = None  # a task
        self.known = asyncio.get_running_loop().create_future()
        self.task = asyncio.create_task(self._run())

    @property
    def n(self) -> int:
        """The number of the last line."""
        return self.lines[-1]["n"] if self.lines else 0

    async def _run(self):
        try:
            layer = get_channel_layer()
            channel = await layer.new_channel()
            await layer.group_add(bridge.job_group(self.job_id), channel)
            await self._read()
        except Exception as error:
            self.known.set_exception(error)
            return
        self.known.set_result(None)
        while True:
            try:
                await self._hear(await layer.receive(channel))
            except LAYER_DOWN as error:  # the row is read again meanwhile
                logger.warning("No news of job %s: %s", self.job_id, error)
                await asyncio.sleep(AGAIN)
            except Exception:
                logger.exception("News of job %s was not understood.", self.job_id)

    async def _read(self):
        found = await looking.look_at([self.job_id])
        if found:
            await self.compare(found[0])

    async def _hear(self, event):
        """Take in what the bridge brings."""
        lines = event["lines"]
        if lines and lines[0]["n"] > self.n + 1:  # a line before this one was lost
            lines = await looking.read_lines(self.job_id, self.n)
        self.take(event["snapshot"], lines)

    async def compare(self, job):
        """Take in the row, as looking.look_at() found it."""
        self.owner_id = job.owner_id
        missing = (job.line_count or 0) > self.n
        lines = await looking.read_lines(job.pk, self.n) if missing else []
        self.take(job.snapshot(), lines)

    def take(self, snapshot: dict, lines: list[dict]):
        """Keep what is newer than what is known, and wake the sockets."""
        new = [line for line in lines if line["n"] > self.n]
        self.lines = (self.lines + new)[-MOST_LINES:]
        newer = snapshot["seq"] > self.seq
        if newer:
            self.seq, self.final = snapshot["seq"], snapshot["final"]
            self.text = json.dumps(snapshot)
        if new or newer:
            self.wake()

    def lose(self):
        """There is no such job any more."""
        self.owner_id = None
        self.wake()

    def wake(self):
        """Wake the sockets, beside whoever calls. What changes meanwhile they see, too."""
        self.behind = True
        if self.waking is None:
            self.waking = asyncio.create_task(self._wake())

    async def _wake(self):
        while self.behind:
            self.behind = False
            for number, seat in enumerate(list(self.seats), 1):
                seat.wake()
                if number % AT_ONCE == 0:
                    await asyncio.sleep(0)
        self.waking = None


class Seat:
    """The place of one socket at a watch: what it has been told so far."""

    def __init__(self, watch: Watch, scope, wake):
        self.watch = watch
        self.scope = scope  # its user is kept fresh: sockets/identity.py
        self.wake = wake
        self.seq = self.n = 0
        self.over = False

    def may_see(self) -> bool:
        owner, user = self.watch.owner_id, self.scope["user"]
        return owner is not None and (user.is_staff or user.pk == owner)

    def newer(self) -> tuple[list[dict], str]:
        """Return the lines and the state that the socket has not seen; "": none."""
        watch = self.watch
        lines = [line for line in watch.lines if line["n"] > self.n]
        text = watch.text if watch.seq > self.seq else ""
        self.seq, self.n, self.over = watch.seq, watch.n, watch.final
        return lines, text
