"""Sockets without a server: Channels' communicator, and a layer in memory."""

import json

import pytest
from channels.testing import WebsocketCommunicator

from chat import presence


@pytest.fixture(autouse=True)
def memory_layer(settings):
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    }
    presence.in_memory.until.clear()


PATIENCE = 20  # seconds; the communicator's own second is too short on a busy machine


class Client(WebsocketCommunicator):
    """One client of the whole application: origin check, session, routing, consumer."""

    def __init__(
        self, path, origin="http://127.0.0.1", cookie="", host="127.0.0.1", headers=()
    ):
        from config.asgi import application

        headers = {"host": host, "origin": origin, "cookie": cookie, **dict(headers)}
        pairs = [(key.encode(), value.encode()) for key, value in headers.items() if value]
        super().__init__(application, path, headers=pairs)

    async def connect(self):
        return await super().connect(PATIENCE)

    async def disconnect(self):
        await super().disconnect(timeout=PATIENCE)

    async def read(self):
        """Return the next frame's object."""
        return json.loads(await self.receive_from(PATIENCE))

    async def close_code(self):
        event = await self.receive_output(PATIENCE)
        assert event["type"] == "websocket.close", event
        return event["code"]


@pytest.fixture
def client_at():
    """A function that makes a client, not yet connected."""
    return Client


@pytest.fixture
async def connect():
    """A function that connects a client; all are disconnected at the end."""
    clients = []

    async def connected(path, **options):
        client = Client(path, **options)
        accepted, code = await client.connect()
        assert accepted, code
        clients.append(client)
        return client

    yield connected
    for client in clients:
        await client.disconnect()
