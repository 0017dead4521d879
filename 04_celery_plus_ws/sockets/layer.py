"""The channel layer, with a leak and a race mended.

channels_redis 4.3 has no public place to mend them in. So this uses private names of its
pubsub.py: _get_layer, _subscribe_to_channel, _get_shard. When an upgrade changes them,
tests/sockets/test_layer.py fails: read there what was mended, and whether it still must be.
"""

import asyncio
import logging
import uuid
from collections import defaultdict

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.exceptions import RedisError

PAUSES = (0.1, 0.3, 1)  # seconds; daphne gives a handshake 5
LAYER_DOWN = (RedisError, OSError)  # what the layer raises when Redis does not answer
COLLISION = (RuntimeError, AttributeError)
logger = logging.getLogger(__name__)


async def again(subscribe, *args):
    """Await `subscribe(*args)`; after a pause again, when it collides with another one.

    After Redis was away, a new socket and the layer's own receiver may both open the
    process's one connection for subscriptions. One of them succeeds. In the other one
    redis-py 8.1 raises a COLLISION, which is no RedisError.
    """
    for pause in PAUSES:
        try:
            return await subscribe(*args)
        except COLLISION as error:
            logger.warning("Subscribing again in %s s: %s", pause, error)
            await asyncio.sleep(pause)
    return await subscribe(*args)


class PubSubLayer(RedisPubSubChannelLayer):
    """Redis pub/sub; a socket that has gone leaves nothing behind.

    What it works around, in channels_redis/pubsub.py 4.3: receive() forgets a socket's
    channel only when it is cancelled while it waits. If a message comes while the socket
    goes, no receive() is waiting: in a lively room seven channels of ten stayed
    subscribed for ever (benchmarks/chat_leaks.py). And a consumer that ends with an
    exception stays in its groups.

    These names of upstream are private: _get_layer, _subscribe_to_channel, _get_shard,
    _get_group_channel_name; and `channels` and `groups` of what _get_layer returns. When
    tests/sockets or tests/stages/chat/test_stage_3_layer.py fail after an update, compare
    them with the new pubsub.py. When it has a delete_channel() (a comment there speaks
    of it), call that in _forget, and drop the rest.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._forgetting = set()  # asyncio itself holds its tasks only weakly
        self._groups_of = defaultdict(set)  # channel -> its groups, as Redis knows them

    async def new_channel(self, prefix="specific."):
        """Return a new channel. It lasts as long as the task that asks: the consumer's."""
        layer = self._get_layer()
        channel = f"{layer.prefix}{prefix}{uuid.uuid4().hex}"
        asyncio.current_task().add_done_callback(lambda _: self._forget_soon(channel))
        await again(layer._subscribe_to_channel, channel)
        return channel

    async def group_add(self, group, channel):
        layer = self._get_layer()
        self._groups_of[channel].add(layer._get_group_channel_name(group))
        await again(layer.group_add, group, channel)

    def _forget_soon(self, channel):
        task = asyncio.ensure_future(self._forget(channel))
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def _forget(self, channel):
        layer = self._get_layer()
        layer.channels.pop(channel, None)
        left = [channel]
        for group in self._groups_of.pop(channel, ()):  # not all groups: there are many
            members = layer.groups.get(group, set())
            members.discard(channel)
            if not members:
                layer.groups.pop(group, None)
                left.append(group)
        try:
            for name in left:
                await again(self._unsubscribe, name)
        except LAYER_DOWN as error:
            logger.warning("Redis did not hear that a socket has gone: %s", error)

    async def _unsubscribe(self, name):
        layer = self._get_layer()
        # Look again: while we waited, a newcomer may have joined the group. It found
        # us subscribed, and would now be deaf.
        if name not in layer.groups:
            await layer._get_shard(name).unsubscribe(name)
