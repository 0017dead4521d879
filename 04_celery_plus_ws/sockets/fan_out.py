"""One frame to many sockets, to be mixed into their consumer."""

from .layer import LAYER_DOWN


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
            return False
        return True
