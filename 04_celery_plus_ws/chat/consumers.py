"""The chat: a room's socket, and the socket that everybody shares."""

import asyncio
import logging

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer, AsyncWebsocketConsumer
from django.conf import settings
from django.db import Error

from sockets.background import Background
from sockets.close_codes import NOT_FOUND
from sockets.fan_out import FanOut
from sockets.frames import error

from . import frames, history, presence
from .names import name_of, wants_news
from .rooms import BadRoom, check_room, group_of

NOT_DELIVERED = "Not delivered: Redis does not answer."
logger = logging.getLogger(__name__)


class ChatConsumer(Background, FanOut, AsyncJsonWebsocketConsumer):
    """/ws/chat/<room>/: what one says in a room, all in the room hear."""

    room = None  # until its name is found good
    people = None  # as this client was last told

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
        self.told = set()  # ids of messages that this client has
        self.room_groups = [group_of("chat", room)]
        if self.wants_news:
            self.room_groups.append(group_of("news", room))
        for group in self.room_groups:
            await self.channel_layer.group_add(group, self.channel_name)
        # In the group first, then read what was said: in between nothing is missed.
        self.room = room
        is_first_tab = await self.look("welcome", presence.enter)
        self.start_task(self.stay())
        if is_first_tab:
            await self.tell_news("join")

    async def receive_json(self, content):
        row = await database_sync_to_async(history.add)(
            self.room, self.name, content["message"]
        )
        if not await self.tell(self.room_groups[0], frames.message(row), id=row.id):
            # Some may have heard it all the same: Redis may be slow and not dead. So
            # the row stays, and whoever lacks it gets it with the next look.
            await self.send(
                text_data=error(f"{NOT_DELIVERED} It is kept, and comes later.")
            )
            await self.ready_frame({"text": frames.message(row), "id": row.id})

    async def disconnect(self, code):
        if self.room is None:
            return
        self.stop_tasks()  # or the lease could be renewed after the leaving
        is_last_tab = await database_sync_to_async(presence.leave)(
            self.room, self.channel_name, self.name
        )
        for group in self.room_groups:
            await self.channel_layer.group_discard(group, self.channel_name)
        if is_last_tab:
            await self.tell_news("leave")

    # --- from the group, and beside it ---------------------------------------

    async def ready_frame(self, event):
        if self.is_new_here(event.get("id")):
            await super().ready_frame(event)

    def is_new_here(self, number) -> bool:
        """Whether this client lacks the message; from now on it has it."""
        if number in self.told:
            return False
        if number is not None:
            self.told.add(number)
        return True

    async def tell_news(self, event):
        """Tell the room who came or went. In a crowd nobody reads it: then be silent."""
        people = await database_sync_to_async(presence.here)(self.room)
        if people.count <= presence.SHOWN:
            await self.tell(
                group_of("news", self.room), frames.news(event, self.name, people)
            )

    async def stay(self):
        """Renew the lease while the socket is open; see to what the layer has dropped."""
        while True:
            await asyncio.sleep(settings.CHAT_LEASE / 3)
            try:
                await self.look("here", presence.renew)
            except Error as error:
                logger.warning("The database does not answer: %s", error)

    async def look(self, event, note_presence):
        """Send what this client lacks: messages, and who is here if it asked for news."""
        answer, rows, people = await self.read_room(note_presence)
        for row in rows:
            if self.is_new_here(row.id):
                await self.send(text_data=frames.message(row, old=True))
        if rows:
            self.told = {number for number in self.told if number >= rows[0].id}
        if people != self.people:
            self.people = people
            await self.send(text_data=frames.news(event, self.name, people))
        return answer

    @database_sync_to_async
    def read_room(self, note_presence):
        """One trip to the database's thread: a trip costs more than a query."""
        answer = note_presence(self.room, self.channel_name, self.name)
        people = presence.here(self.room) if self.wants_news else None
        return answer, history.last(self.room), people


class EverybodyConsumer(FanOut, AsyncWebsocketConsumer):
    """/chat/: any JSON object that one sends reaches everybody, unchanged."""

    groups = [group_of("everybody")]

    async def receive(self, text_data=None, bytes_data=None):
        if not await self.tell(self.groups[0], text_data):
            await self.send(text_data=error(NOT_DELIVERED))
