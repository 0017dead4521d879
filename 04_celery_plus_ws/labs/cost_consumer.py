"""/ws/labs/cost/: how many queries the sockets of this process have made."""

import os

from channels.db import database_sync_to_async
from channels.generic.websocket import AsyncJsonWebsocketConsumer
from django.db import connection

made = {"queries": 0}


def count(execute, *args):
    made["queries"] += 1
    return execute(*args)


@database_sync_to_async  # in the one thread where all sockets ask the database
def count_from_now_on():
    if count not in connection.execute_wrappers:
        connection.execute_wrappers.append(count)


class CostConsumer(AsyncJsonWebsocketConsumer):
    """Answers every frame with {"queries", "pid"}."""

    channel_layer_alias = None

    async def connect(self):
        await count_from_now_on()
        await self.accept()

    async def receive_json(self, content):
        await self.send_json({**made, "pid": os.getpid()})
