"""A gate before a consumer: bad frames are answered here and never reach it.

It wraps a consumer in routing.py, as a middleware wraps a view. A consumer that met
these frames itself would raise, and its socket would be gone (close 1011). The gate
also ends a socket whose user is no longer signed in: so this holds for every kind.
"""

import logging

from autobahn.exception import Disconnected
from django.conf import settings

from . import frames, identity
from .close_codes import NOT_LOGGED_IN, TOO_FAST, TRY_LATER
from .layer import LAYER_DOWN
from .rate import Bucket

CLIENT_GONE = (Disconnected, OSError)  # what a server's send raises a moment too late
logger = logging.getLogger(__name__)


class Gate:
    """The ASGI application `app`, for good frames only. `check` looks at their object."""

    def __init__(self, app, check=lambda content: None):
        self.app = app
        self.check = check

    async def __call__(self, scope, receive, send):
        socket = GuardedSocket(self.check, receive, send)
        try:
            with identity.watch.over(scope, socket.sign_out):
                await self.app(scope, socket.receive, socket.send)
        except LAYER_DOWN as error:
            logger.warning("The channel layer does not answer: %s", error)
            await socket.refuse("Redis does not answer. Try again soon.", TRY_LATER)


class GuardedSocket:
    """One connection's receive and send."""

    def __init__(self, check, receive, send):
        self.check = check
        self.outer_receive = receive
        self.outer_send = send
        self.bucket = Bucket(settings.CHAT_FRAMES_PER_SECOND)
        self.accepted = self.closed = False

    async def receive(self):
        """Return the next event that the consumer may see."""
        while True:
            event = await self.outer_receive()
            if event["type"] == "websocket.disconnect":
                self.closed = True
            if event["type"] != "websocket.receive":
                return event
            if self.closed:
                continue  # sent before the client saw our close
            if not self.bucket.take():
                most = settings.CHAT_FRAMES_PER_SECOND
                await self.refuse(f"Too fast: at most {most} frames a second.", TOO_FAST)
                continue
            try:
                self.check(frames.read_object(event.get("text")))
            except frames.BadFrame as reason:
                await self.refuse(reason)
                continue
            return event

    async def send(self, event):
        """Pass on what the consumer sends, until the socket is closed."""
        if self.closed:
            return
        self.accepted = self.accepted or event["type"] == "websocket.accept"
        self.closed = event["type"] == "websocket.close"
        try:
            await self.outer_send(event)
        except CLIENT_GONE:
            self.closed = True  # the consumer will hear of it by its disconnect event

    async def sign_out(self):
        """Close the socket: whoever opened it is no longer signed in."""
        await self.send({"type": "websocket.close", "code": NOT_LOGGED_IN})

    async def refuse(self, reason, code: int | None = None):
        """Answer with an error frame; with a `code`, close after it."""
        if not self.accepted:  # a close before the accept would be a bare HTTP 403
            await self.send({"type": "websocket.accept"})
        await self.send({"type": "websocket.send", "text": frames.error(reason)})
        if code:
            await self.send({"type": "websocket.close", "code": code})
