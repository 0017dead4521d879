"""Which worker pools this stage can run under."""

import sys

from celery.concurrency import get_implementation
from celery.signals import worker_init

REFUSAL = (
    "Stage 4 does not run under {pool}: its tasks share one thread with an event loop, "
    "and async_to_sync, which carries the progress, refuses to work there. "
    "Use --pool prefork, threads or solo."
)


@worker_init.connect
def refuse_green_threads(sender, **_):
    """Stop a worker that was started with --pool gevent or eventlet."""
    pool = get_implementation(sender.pool_cls).__module__.rpartition(".")[2]
    if pool in ("gevent", "eventlet"):
        sys.exit(REFUSAL.format(pool=pool))
