"""Jobs that stay silent: send them again, or say that they have failed.

A live job has a lease, `due`. A worker that lives renews it (working/heartbeat.py); when it
lapses, the worker is taken for dead. Anybody may call `rescue`, any number of times, at
the same moment: compare-and-set lets one of them win. It is the database that compares
the times, by its own clock.
"""

import logging
from collections.abc import Callable, Iterable
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Now

from queueing.sending import BrokerDown

from . import progress
from .models import LIVE, Job, State, in_seconds

MOST_SENDS = 6  # counted no further: the lease of a queued job grows up to 32-fold
logger = logging.getLogger(__name__)


def silent_jobs():
    """Return every job whose lease has lapsed, the longest silent first."""
    return Job.objects.filter(state__in=LIVE, due__lte=Now()).order_by("due")


def rescue(job: Job, send: Callable[[Job], None]) -> bool:
    """Mend `job` if it is silent; return whether it was this call that did it.

    `send(job)` puts the job's task into the queue.
    """
    as_seen = {"pk": job.pk, "seq": job.seq, "due__lte": Now()}
    if job.state == State.QUEUED:
        changed = ask_again(job, as_seen)
    elif job.state != State.RUNNING:
        return False
    elif job.attempt < settings.JOB_ATTEMPTS:
        changed = progress.requeue(as_seen, "The worker went silent. Starting again.")
    else:
        error = f"The worker died {job.attempt} times."
        return progress.fail(as_seen, error) is not None
    if changed is None:
        return False
    transaction.on_commit(partial(send, changed))
    return True


def ask_again(job: Job, as_seen: dict) -> Job | None:
    """Give a queued job one more lease, and a longer one if the queue had taken it.

    Then it may only wait behind others, and is asked for less and less often.
    """
    if not job.sent:
        return progress.change(as_seen, due=in_seconds(settings.JOB_SEND_AGAIN))
    sends = min(job.sends + 1, MOST_SENDS)
    lease = settings.JOB_QUEUE_LEASE * 2 ** (sends - 1)
    return progress.change(as_seen, sends=sends, due=in_seconds(lease))


def rescue_all(send: Callable[[Job], None], jobs: Iterable[Job] | None = None) -> int:
    """Rescue the silent ones of `jobs`, of all without them; return how many were mended.

    A job that cannot be mended is logged and does not stop the others. A queue that
    does not answer does: it would refuse the others as well, each after a second.
    """
    mended = 0
    for job in silent_jobs() if jobs is None else jobs:
        try:
            mended += rescue(job, send)
        except BrokerDown as error:
            logger.warning("The silent jobs wait: the queue does not answer: %s", error)
            break
        except Exception:
            logger.exception("Job %s could not be rescued.", job.pk)
    return mended
