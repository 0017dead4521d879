"""The consumer as we wrote it first. Here to be measured, not to be used.

It is right: whoever comes late sees the true state, and lost news is made good. But each
socket joins the group for itself, and reads its session and its row again and again for
itself. Compare with jobs/consumers.py.
"""

import asyncio

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.conf import settings

from jobs.bridge import job_group
from jobs.models import Job
from sockets.background import Background
from sockets.close_codes import DONE, NOT_FOUND
from sockets.identity import still_valid


@database_sync_to_async
def look_at(user, job_id) -> Job | None:
    return Job.objects.visible_to(user).filter(pk=job_id).first()


class ReadingJobConsumer(Background, AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.accept()
        self.job_id, self.seq = self.scope["url_route"]["kwargs"]["job_id"], 0
        await self.channel_layer.group_add(job_group(self.job_id), self.channel_name)
        self.start_task(self.look_again_and_again())

    async def look_again_and_again(self):
        while True:
            user = await still_valid(self.scope)
            job = user and user.is_authenticated and await look_at(user, self.job_id)
            if not job:
                await self.close(NOT_FOUND)
                return
            await self.show(job.snapshot())
            await asyncio.sleep(settings.JOB_READ_AGAIN)

    async def receive(self, **_):
        pass

    async def job_news(self, event):
        await self.show(event["snapshot"])

    async def show(self, snapshot):
        if snapshot["seq"] > self.seq:
            self.seq = snapshot["seq"]
            await self.send_json(snapshot)
            if snapshot["final"]:
                await self.close(DONE)
