"""Every WebSocket address that is nobody's."""

from channels.generic.websocket import AsyncWebsocketConsumer
from django.urls import re_path

from . import close_codes, frames
from .gate import Gate


class NoSocketConsumer(AsyncWebsocketConsumer):
    """Without it Channels raises ValueError, and the log fills."""

    async def connect(self):
        # Accepted first: a browser is not told the code of a close before the accept.
        await self.accept()
        await self.send(text_data=frames.error("There is no socket at this address."))
        await self.close(close_codes.NOT_FOUND)


any_other = re_path("", Gate(NoSocketConsumer.as_asgi()))
