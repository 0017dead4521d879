"""/ws/follow/: a growing file, shown live."""

import json

from channels.generic.websocket import AsyncWebsocketConsumer

from sockets.background import Background

from .following import following


class FollowConsumer(Background, AsyncWebsocketConsumer):
    """Sends what is added to the file, when something is added."""

    channel_layer_alias = (
        None  # no channel of its own: it hears of the file, not of a group
    )

    async def connect(self):
        await self.accept()
        # Not `await self.follow()`: connect() would never end, and the consumer would
        # never hear of anything again, not even that its client has gone.
        self.start_task(self.follow())

    async def follow(self):
        async for text, is_new in following().pieces():
            await self.send(text_data=json.dumps({"message": text, "new": is_new}))
