"""Step 4: the class reads and writes the JSON. The chat itself goes on from here."""

from collections import Counter

from channels.generic.websocket import AsyncJsonWebsocketConsumer

from chat.rooms import group_of

SEATS = 3  # sockets in one room
FULL = 4409  # close code
taken = Counter()  # of this process


class JsonConsumer(AsyncJsonWebsocketConsumer):
    seated = False

    async def connect(self):
        self.group = group_of("step-json", self.scope["url_route"]["kwargs"]["room"])
        if taken[self.group] >= SEATS:
            await self.accept()
            await self.send_json({"error": "The room is full."})
            await self.close(FULL)
            return
        taken[self.group] += 1
        self.seated = True
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive_json(self, content):
        await self.channel_layer.group_send(
            self.group, {"type": "room.message", "message": content["message"]}
        )

    async def disconnect(self, code):
        if self.seated:
            taken[self.group] -= 1
        await self.channel_layer.group_discard(self.group, self.channel_name)

    async def room_message(self, event):
        await self.send_json({"message": event["message"]})
