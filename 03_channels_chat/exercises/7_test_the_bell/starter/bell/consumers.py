"""A bell in every room. Nothing to change here."""

from channels.generic.websocket import AsyncJsonWebsocketConsumer


class BellConsumer(AsyncJsonWebsocketConsumer):
    """{"ring": true} rings for all in the room; anything else is answered by an error."""

    async def connect(self):
        self.group = f"bell-{self.scope['url_route']['kwargs']['room']}"
        await self.channel_layer.group_add(self.group, self.channel_name)
        await self.accept()

    async def receive_json(self, content):
        if content == {"ring": True}:
            await self.channel_layer.group_send(self.group, {"type": "bell.rings"})
        else:
            await self.send_json({"error": "Only a bell hangs here."})

    async def bell_rings(self, event):
        await self.send_json({"rings": True})

    async def disconnect(self, code):
        await self.channel_layer.group_discard(self.group, self.channel_name)
