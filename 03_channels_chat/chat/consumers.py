"""The chat: a room's socket, and the socket that everybody shares."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer

from sockets.close_codes import NOT_FOUND
from sockets.fan_out import FanOut, hub
from sockets.frames import error

from . import frames
from .desk import desk
from .live_rooms import live_rooms
from .names import name_of, wants_news
from .rooms import BadRoom, check_room, group_of

EVERYBODY = group_of("everybody")


class ChatConsumer(FanOut, AsyncJsonWebsocketConsumer):
    """/ws/chat/<room>/: what one says in a room, all in the room hear."""

    room = None  # until its name is found good

    async def connect(self):
        await self.accept()
        try:
            room = check_room(self.scope["url_route"]["kwargs"]["room"])
        except BadRoom as reason:
            await self.send(text_data=error(reason))
            await self.close(NOT_FOUND)
            return
        self.name = name_of(self.scope["user"], self.scope["query_string"])
        self.wants_news = wants_news(self.scope["query_string"])
        self.told = frozenset()  # ids of the messages that this socket began with
        self.early = []  # what came from the group before the welcome
        await live_rooms().enter(room, self)

    async def receive_json(self, content):
        desk().take(self, content["message"])

    def ended(self):
        if self.room:
            live_rooms().leave(self)

    # --- from its room ---------------------------------------------------------

    def welcome(self, rows):
        """What was said before comes first; then what came while that was read."""
        self.told = frozenset(row.id for row in rows)
        self.hear(*[frames.message(row, old=True) for row in rows])
        early, self.early = self.early, None
        self.hear_frames(early)

    def hear_frames(self, new):
        """Pass on [id, text] frames (news: None for the id), each message once."""
        if self.early is not None:
            self.early += new
        else:
            self.hear(*[text for number, text in new if number not in self.told])


class EverybodyConsumer(FanOut, AsyncWebsocketConsumer):
    """/chat/: any JSON object that one sends reaches everybody, unchanged."""

    async def connect(self):
        await hub().join(EVERYBODY, self.on_event)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        if not await hub().tell(EVERYBODY, text=text_data):
            self.hear(error("Not delivered: Redis does not answer."))

    def on_event(self, event):
        self.hear(event["text"])

    def ended(self):
        hub().leave(EVERYBODY, self.on_event)
