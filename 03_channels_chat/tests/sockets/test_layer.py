"""The channel layer, while Redis comes back: its connection is played, not real."""

import asyncio

import pytest
from channels_redis.pubsub import RedisSingleShardConnection
from redis.exceptions import ConnectionError as RedisIsAway

from sockets import layer
from sockets.layer import PubSubLayer


@pytest.fixture
def subscribing(monkeypatch):
    """A function: what the next subscriptions raise; it returns all that were tried."""
    tried, errors = [], []

    async def subscribe(self, name):
        tried.append(name)
        if errors:
            raise errors.pop(0)

    async def unsubscribe(self, name):
        pass

    monkeypatch.setattr(RedisSingleShardConnection, "subscribe", subscribe)
    monkeypatch.setattr(RedisSingleShardConnection, "unsubscribe", unsubscribe)
    monkeypatch.setattr(layer, "PAUSES", (0, 0))

    def raising(*what):
        errors.extend(what)
        return tried

    return raising


@pytest.fixture
def pubsub():
    return PubSubLayer(hosts=["redis://127.0.0.1:1/0"], prefix="test")


@pytest.mark.parametrize(
    "collision",
    [
        RuntimeError("readuntil() called while another coroutine is already waiting"),
        AttributeError("'NoneType' object has no attribute 'writelines'"),
    ],
    ids=lambda error: type(error).__name__,
)
async def test_a_socket_that_collides_with_the_receiver_subscribes_again(
    pubsub, subscribing, collision
):
    tried = subscribing(collision)
    channel = await pubsub.new_channel()
    assert tried == [channel, channel]
    subscribing(collision)
    await pubsub.group_add("room", channel)
    assert tried[2:] == ["test__group__room"] * 2


async def test_redis_that_is_away_is_not_asked_again(pubsub, subscribing):
    tried = subscribing(RedisIsAway("refused"))
    with pytest.raises(RedisIsAway):
        await pubsub.new_channel()
    assert len(tried) == 1


async def test_an_error_that_stays_is_raised(pubsub, subscribing):
    subscribing(*[RuntimeError("a bug")] * 3)
    with pytest.raises(RuntimeError, match="a bug"):
        await pubsub.new_channel()


async def test_a_socket_that_never_got_in_leaves_nothing_behind(pubsub, subscribing):
    subscribing(RedisIsAway("refused"))
    await asyncio.gather(asyncio.create_task(pubsub.new_channel()), return_exceptions=True)
    await asyncio.gather(*pubsub._forgetting)
    assert pubsub._get_layer().channels == {}
