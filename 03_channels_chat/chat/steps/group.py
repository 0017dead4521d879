"""Step 2: the channel layer carries the message to all in the room."""

import json

from asgiref.sync import async_to_sync
from channels.generic.websocket import WebsocketConsumer

from chat.rooms import group_of


class GroupConsumer(WebsocketConsumer):
    def connect(self):
        self.group = group_of("step-group", self.scope["url_route"]["kwargs"]["room"])
        async_to_sync(self.channel_layer.group_add)(self.group, self.channel_name)
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)["message"]
        async_to_sync(self.channel_layer.group_send)(
            self.group, {"type": "room.message", "message": message}
        )

    def disconnect(self, code):
        async_to_sync(self.channel_layer.group_discard)(self.group, self.channel_name)

    def room_message(self, event):
        """Called in every member of the group, by the name that `type` spells."""
        self.send(text_data=json.dumps({"message": event["message"]}))
