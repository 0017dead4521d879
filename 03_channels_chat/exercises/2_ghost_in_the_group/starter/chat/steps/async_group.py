"""Step 3: the same with async and await; no thread waits for anybody."""

import json

from channels.generic.websocket import AsyncWebsocketConsumer

from chat.rooms import group_of


class AsyncConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.group = group_of("step-async", self.scope["url_route"]["kwargs"]["room"])
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)["message"]
        await self.channel_layer.group_send(
            self.group, {"type": "room.message", "message": message}
        )

    async def disconnect(self, code):
        await self.channel_layer.groud_discard(self.group, self.channel_name)

    async def room_message(self, event):
        await self.send(text_data=json.dumps({"message": event["message"]}))
