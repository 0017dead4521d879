"""Step 1: the server answers whoever spoke, and nobody else."""

import json

from channels.generic.websocket import WebsocketConsumer


class EchoConsumer(WebsocketConsumer):
    def connect(self):
        self.count = 0
        self.accept()

    def receive(self, text_data=None, bytes_data=None):
        message = json.loads(text_data)["message"]
        self.count += 1
        self.send(text_data=json.dumps({"message": message, "count": self.count}))
