"""The bridge: how code outside a consumer reaches the connected browsers.

A worker has no sockets. It publishes to a group of the channel layer, and the web
process hands the message to whoever has joined that group there: one watch a job
(watch.py), which passes it on to its sockets.
"""

import asyncio
import logging
import threading
from contextlib import contextmanager

from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer

logger = logging.getLogger(__name__)
PATIENCE = 1  # seconds; a Redis that is frozen must not freeze the job


def job_group(job_id) -> str:
    """Return the name of the group of all watches of this job."""
    return f"job-{job_id}"


def tell(group: str, event: dict) -> bool:
    """Send `event` to every watch in `group`; return whether Redis took it.

    Never raises: a message is news, and losing it costs freshness, not truth.
    """
    try:
        if runner := getattr(_kept, "runner", None):
            runner.run(_publish(group, event))
        else:
            async_to_sync(_publish)(group, event)
    except Exception as error:
        logger.warning("Nobody in %s was told: %r", group, error)
        return False
    return True


@contextmanager
def kept_open():
    """Inside it, this thread's messages share one event loop and one connection.

    For a job that reports again and again: `async_to_sync` makes both anew for each
    message, and that takes most of its time (`make bench`).
    """
    with asyncio.Runner() as _kept.runner:
        try:
            yield
        finally:
            del _kept.runner


_kept = threading.local()


async def _publish(group, event):
    await asyncio.wait_for(get_channel_layer().group_send(group, event), PATIENCE)
