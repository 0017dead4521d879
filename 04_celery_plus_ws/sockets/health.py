"""Is the server of the channel layer there?"""

from django.conf import settings
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

from queueing.sending import BrokerDown


def check_layer():
    """Return None when it answers; BrokerDown otherwise, after about a second."""
    quick = {"socket_connect_timeout": 1, "socket_timeout": 1}  # seconds
    once = Retry(NoBackoff(), retries=0)
    try:
        with Redis.from_url(settings.REDIS_URL, retry=once, **quick) as server:
            server.ping()
    except RedisError as error:
        raise BrokerDown(str(error)) from error
