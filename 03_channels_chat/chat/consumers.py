"""The chat: a room's socket, and the socket that everybody shares."""

import asyncio

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer
from django.conf import settings

from . import frames, history, presence
from .names import name_of, wants_news
from .rooms import BadRoom, check_room, group_of
from .sockets import Background, FanOut

NOT_FOUND = 4404  # close code


class ChatConsumer(Background, FanOut, AsyncJsonWebsocketConsumer):
    """/ws/chat/<room>/: what one says in a room, all in the room hear."""

    room = None  # until its name is found good
    people = None  # as this client was last told

    async def connect(self):
        await self.accept()
        try:
            room = check_room(self.scope["url_route"]["kwargs"]["room"])
        except BadRoom as reason:
            await self.send(text_data=frames.error(reason))
            await self.close(NOT_FOUND)
            return
        self.group = group_of("chat", room)
        self.name = name_of(self.scope["user"], self.scope["query_string"])
        self.wants_news = wants_news(self.scope["query_string"])
        await self.channel_layer.group_add(self.group, self.channel_name)
        self.room = room
        await self.arrive()

    async def arrive(self):
        """Tell the newcomer what was said and who is here; tell the room who came."""
        # We are in the group already: what is said just now comes twice rather than
        # never, and `told` is how the second copy is known.
        rows, is_first_tab = await self.note_arrival()
        self.told = {row.id for row in rows}
        for row in rows:
            await self.send(text_data=frames.message(row, old=True))
        await self.send_news("welcome")
        self.start(self.stay())
        if is_first_tab:
            await self.tell_news("join")

    @database_sync_to_async
    def note_arrival(self):
        is_first_tab = presence.enter(self.room, self.channel_name, self.name)
        return history.last(self.room), is_first_tab

    async def receive_json(self, content):
        row = await database_sync_to_async(history.add)(
            self.room, self.name, content["message"]
        )
        if not await self.tell(self.group, frames.message(row), id=row.id):
            await row.adelete()  # nobody heard it, so late comers must not either

    async def disconnect(self, code):
        if self.room is None:
            return
        is_last_tab = await database_sync_to_async(presence.leave)(
            self.room, self.channel_name, self.name
        )
        await self.channel_layer.group_discard(self.group, self.channel_name)
        if is_last_tab:
            await self.tell_news("leave")

    # --- from the group, and beside it ---------------------------------------

    async def ready_frame(self, event):
        is_unwanted = event.get("news") and not self.wants_news
        if not is_unwanted and event.get("id") not in self.told:
            await super().ready_frame(event)

    async def tell_news(self, event):
        """Tell the room who came or went. In a crowd nobody reads it: then be silent."""
        here, count = await database_sync_to_async(presence.here)(self.room)
        if count <= presence.SHOWN:
            await self.tell(
                self.group, frames.news(event, self.name, here, count), news=True
            )

    async def send_news(self, event):
        """Tell this client alone who is here, if it asked and if that has changed."""
        people = await database_sync_to_async(presence.here)(self.room)
        if self.wants_news and people != self.people:
            self.people = people
            await self.send(text_data=frames.news(event, self.name, *people))

    async def stay(self):
        """Renew the lease for as long as the socket is open, and notice lapsed ones."""
        while True:
            await asyncio.sleep(settings.CHAT_LEASE / 3)
            await database_sync_to_async(presence.renew)(
                self.room, self.channel_name, self.name
            )
            await self.send_news("here")


class EverybodyConsumer(FanOut, AsyncWebsocketConsumer):
    """/chat/: any JSON object that one sends reaches everybody, unchanged."""

    groups = [group_of("everybody")]

    async def receive(self, text_data=None, bytes_data=None):
        await self.tell(self.groups[0], text_data)


class NoSocketConsumer(AsyncWebsocketConsumer):
    """Every other address. Without it Channels raises ValueError, and the log fills."""

    async def connect(self):
        # Accepted first: a browser is not told the code of a close before the accept.
        await self.accept()
        await self.send(text_data=frames.error("There is no socket at this address."))
        await self.close(NOT_FOUND)
