"""/ws/follow/: a growing file, shown live."""

import asyncio
import json

from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

from sockets.background import Background

from .followed_file import FollowedFile

LOOK_EVERY = 0.3  # seconds


class FollowConsumer(Background, AsyncWebsocketConsumer):
    """Sends what is added to the file, when something is added."""

    async def connect(self):
        await self.accept()
        # Not `await self.follow()`: connect() would never end, and the consumer would
        # never hear of anything again, not even that its client has gone.
        self.start_task(self.follow())

    async def follow(self):
        file = FollowedFile(settings.FOLLOWED_FILE)
        while True:
            # In a thread: while a slow disk is read, the other sockets go on.
            text, is_new = await asyncio.to_thread(file.read_new)
            if text:
                await self.send(text_data=json.dumps({"message": text, "new": is_new}))
            await asyncio.sleep(LOOK_EVERY)
