"""The socket of one job: its true state at once, then every change, and the end once."""

import asyncio
import logging
from contextlib import suppress

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from sockets.background import Background
from sockets.close_codes import DONE, NOT_FOUND, NOT_LOGGED_IN
from sockets.layer import LAYER_DOWN

from . import bridge, rescue
from .models import Job, JobLog
from .tasks import send_job

logger = logging.getLogger(__name__)


class JobConsumer(Background, AsyncJsonWebsocketConsumer):
    """Sends {"id", "state", "done", …, "seq", "final"} and {"log", "n"} frames.

    The row is the truth, a message of the group is only news. So it joins first and
    reads then, sends nothing older than what it has sent, and reads the row again
    every two seconds in case some news was lost.
    """

    async def connect(self):
        self.seq = self.n = 0  # the last snapshot and the last log line sent
        self.over = False
        self.sending = asyncio.Lock()
        self.user = self.scope["user"]
        self.job_id = self.scope["url_route"]["kwargs"]["job_id"]
        # Accept first: a close before that reaches the browser as a bare HTTP 403.
        await self.accept()
        if not self.user.is_authenticated:
            await self.close(NOT_LOGGED_IN)
        elif await self.read() is None:
            await self.close(NOT_FOUND)
        else:
            await self.join()
            self.start_task(self.read_again_and_again())

    async def join(self):
        for group in (bridge.job_group(self.job_id), bridge.user_group(self.user.pk)):
            await self.channel_layer.group_add(group, self.channel_name)
        await self.send_state(await self.read())

    async def disconnect(self, code):
        self.over = True
        with suppress(*LAYER_DOWN):  # that may be why we are here
            for group in (bridge.job_group(self.job_id), bridge.user_group(self.user.pk)):
                await self.channel_layer.group_discard(group, self.channel_name)

    async def receive(self, text_data=None, bytes_data=None, **_):
        """A watcher has nothing to say: whatever it sends is ignored."""

    # --- what the bridge brings --------------------------------------------------

    async def dispatch(self, message):
        """As Channels', but news skips its detour to a thread that closes connections."""
        if message["type"] == "job.news":
            await self.job_news(message)
        else:
            await super().dispatch(message)

    async def job_news(self, event):
        """The job has changed."""
        if event["lines"] and event["lines"][0]["n"] > self.n + 1:
            await self.send_state(await self.read())  # a line before this one was lost
        else:
            await self.send_news(event["snapshot"], event["lines"])

    async def user_left(self, event=None):
        """The user has logged out."""
        self.over = True
        await self.close(NOT_LOGGED_IN)

    # --- reading and sending -------------------------------------------------------

    async def read(self) -> Job | None:
        return await read_job(self.scope["user"], self.job_id)

    async def read_again_and_again(self):
        while not self.over:
            await asyncio.sleep(settings.JOB_READ_AGAIN)
            try:
                await self.read_again()
            except Exception:
                logger.exception("Job %s could not be read again.", self.job_id)

    async def read_again(self):
        job = await self.read()
        if job is None:  # or the user is no longer one of the staff
            await self.close(NOT_FOUND)
        else:
            await self.send_state(job)
            if not job.final:
                await rescue_job(job, send_job)

    async def send_state(self, job: Job):
        await self.send_news(job.snapshot(), await read_lines(job.pk, self.n))

    async def send_news(self, snapshot: dict, lines: list[dict]):
        """Send what is newer than what was sent before; after the final state, close."""
        async with self.sending:
            if self.over:
                return
            new = [line for line in lines if line["n"] > self.n]
            state = [snapshot] if snapshot["seq"] > self.seq else []
            self.n = new[-1]["n"] if new else self.n
            self.seq = max(self.seq, snapshot["seq"])
            self.over = snapshot["final"]
            # The state first, then the log; but after the final state comes nothing.
            for frame in new + state if self.over else state + new:
                await self.send_json(frame)
            if self.over:
                await self.close(DONE)


@database_sync_to_async  # it takes a new connection when the old one has broken
def read_job(user, job_id) -> Job | None:
    return Job.objects.visible_to(user).filter(pk=job_id).first()


read_lines = database_sync_to_async(JobLog.objects.frames)

# In a thread of its own: a broker that hangs must not hold up the other sockets' reads.
rescue_job = database_sync_to_async(rescue.rescue, thread_sensitive=False)
