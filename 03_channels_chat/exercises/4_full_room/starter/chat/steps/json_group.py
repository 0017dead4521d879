"""Step 4: the class reads and writes the JSON. The chat itself goes on from here."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from chat.rooms import group_of

SEATS = 3  # sockets in one room
FULL = 4409  # close code


class JsonConsumer(AsyncJsonWebsocketConsumer):
    async def connect(self):
        self.group = group_of("step-json", self.scope["url_route"]["kwargs"]["room"])
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive_json(self, content):
        await self.channel_layer.group_send(
            self.group, {"type": "room.message", "message": content["message"]}
        )

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def room_message(self, event):
        await self.send_json({"message": event["message"]})
