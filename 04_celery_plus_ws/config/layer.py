"""The channel layer, with one leak mended."""

import asyncio
import logging

from channels_redis.pubsub import RedisPubSubChannelLayer
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


class PubSubLayer(RedisPubSubChannelLayer):
    """Redis pub/sub; a socket that has gone leaves nothing behind.

    The layer forgets a socket's channel when its waiting receive() is cancelled. If a
    message comes while the socket goes, no receive() is waiting: in a lively room
    seven channels of ten stayed subscribed for ever (benchmarks/chat_leaks.py). And a
    consumer that ends with an exception stays in its groups.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self._forgetting = set()  # asyncio itself holds its tasks only weakly

    async def new_channel(self, prefix="specific."):
        """Return a new channel. It lasts as long as the task that asks: the consumer's."""
        channel = await self._get_layer().new_channel(prefix)
        asyncio.current_task().add_done_callback(lambda _: self._forget_soon(channel))
        return channel

    def _forget_soon(self, channel):
        task = asyncio.ensure_future(self._forget(channel))
        self._forgetting.add(task)
        task.add_done_callback(self._forgetting.discard)

    async def _forget(self, channel):
        layer = self._get_layer()
        names = [channel] if layer.channels.pop(channel, None) is not None else []
        for group, members in list(layer.groups.items()):
            members.discard(channel)
            if not members:
                del layer.groups[group]
                names.append(group)
        try:
            for name in names:
                await layer._get_shard(name).unsubscribe(name)
        except (RedisError, OSError) as error:
            logger.warning("Redis did not hear that a socket has gone: %s", error)
