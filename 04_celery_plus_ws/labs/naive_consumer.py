"""The consumer as nearly every tutorial writes it. Here to be measured, not to be used.

It joins the group and forwards the messages. Whoever comes late, or loses one message,
never learns how the job ended. Compare with jobs/consumers.py.
"""

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from jobs.bridge import job_group
from jobs.models import Job
from sockets.close_codes import DONE, NOT_FOUND


class NaiveJobConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        await self.accept()
        user, job_id = self.scope["user"], self.scope["url_route"]["kwargs"]["job_id"]
        mine = user.is_authenticated and Job.objects.visible_to(user).filter(pk=job_id)
        if mine is False or not await mine.aexists():
            await self.close(NOT_FOUND)
            return
        self.group = job_group(job_id)
        await self.channel_layer.group_add(self.group, self.channel_name)

    async def disconnect(self, code):
        if hasattr(self, "group"):
            await self.channel_layer.group_discard(self.group, self.channel_name)

    async def receive(self, **_):
        pass

    async def job_news(self, event):
        await self.send_json(event["snapshot"])
        if event["snapshot"]["final"]:
            await self.close(DONE)
