"""One ear a process."""

import asyncio

from sockets.fan_out import hub

LIMIT = 5  # seconds


async def test_a_listener_that_raises_does_not_make_the_process_deaf(settings, caplog):
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    }
    heard = asyncio.Queue()

    def listener(event):
        if event["number"] == 1:
            raise ValueError("not this one")
        heard.put_nowait(event["number"])

    await hub().join("a-group", listener)
    try:
        for number in (1, 2):
            assert await hub().tell("a-group", number=number)
        assert await asyncio.wait_for(heard.get(), LIMIT) == 2
    finally:
        hub().leave("a-group", listener)
    assert "not this one" in caplog.text
