"""The gate, around a consumer of the test."""

import pytest
from autobahn.exception import Disconnected

from sockets.gate import Gate


@pytest.mark.parametrize("error", [Disconnected("gone"), OSError("gone")])
async def test_a_client_that_has_gone_does_not_break_its_consumer(error):
    heard = []

    async def consumer(scope, receive, send):
        await send({"type": "websocket.accept"})
        await send({"type": "websocket.send", "text": "too late"})
        heard.append((await receive())["type"])

    async def receive():
        return {"type": "websocket.disconnect", "code": 1006}

    async def send(event):
        if event["type"] == "websocket.send":
            raise error

    await Gate(consumer)({}, receive, send)
    assert heard == ["websocket.disconnect"]


async def test_redis_that_is_down_at_the_start_is_an_answer_and_a_close():
    sent = []

    async def consumer(scope, receive, send):
        raise ConnectionRefusedError("Redis")

    async def send(event):
        sent.append(event)

    await Gate(consumer)({}, None, send)
    assert [event["type"].split(".")[1] for event in sent] == ["accept", "send", "close"]
    assert "Redis does not answer" in sent[1]["text"]
    assert sent[2]["code"] == 4503
