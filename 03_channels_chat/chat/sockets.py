"""Two things that a consumer of many sockets needs, to be mixed in."""

import asyncio

from . import frames
from .gate import LAYER_DOWN


class FanOut:
    """Passes ready frames from a group to the socket, quickly."""

    async def dispatch(self, message):
        """As Channels', but a ready frame skips its detour.

        Before every event Channels goes to a thread, to close database connections
        that are too old. That costs more than the rest of passing a frame on, and
        a frame that is ready needs no database.
        """
        if message["type"] == "ready.frame":
            await self.ready_frame(message)
        else:
            await super().dispatch(message)

    async def ready_frame(self, event):
        await self.send(text_data=event["text"])

    async def tell(self, group: str, text: str, **more) -> bool:
        """Send a frame to every socket of the group; False when the layer is down."""
        try:
            await self.channel_layer.group_send(
                group, {"type": "ready.frame", "text": text, **more}
            )
        except LAYER_DOWN:
            await self.send(text_data=frames.error("Not delivered: Redis does not answer."))
            return False
        return True


class Background:
    """Runs coroutines beside the consumer; they end when it ends, in whatever way."""

    async def __call__(self, scope, receive, send):
        self.tasks = []
        try:
            await super().__call__(scope, receive, send)
        finally:
            self.stop_tasks()

    def start_task(self, coroutine):
        self.tasks.append(asyncio.create_task(coroutine))

    def stop_tasks(self):
        for task in self.tasks:
            task.cancel()
