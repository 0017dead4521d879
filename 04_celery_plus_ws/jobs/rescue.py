"""Jobs that stay silent: send them again, or say that they have failed.

The heartbeat of a job is a lease. A worker that lives renews it with every report;
when it lapses, the worker is taken for dead. Anybody may call `rescue`, any number
of times, at the same moment: compare-and-set lets one of them win.
"""

from collections.abc import Callable, Iterator
from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from . import files, progress
from .models import LIVE, Job, State


def patience(job: Job) -> timedelta:
    """Return how long this job may be silent before something must be wrong."""
    if job.state == State.RUNNING:
        seconds = settings.JOB_LEASE
    elif not job.sent:
        seconds = settings.JOB_SEND_AGAIN
    else:  # in the queue, perhaps only behind others: ask less and less often
        seconds = settings.JOB_QUEUE_LEASE * 2 ** min(job.sends - 1, 10)
    return timedelta(seconds=seconds)


def is_silent(job: Job) -> bool:
    """Return whether this job has been silent for too long."""
    return job.state in LIVE and timezone.now() - job.heartbeat > patience(job)


def rescue(job: Job, send: Callable[[Job], None]) -> bool:
    """Mend `job` if it is silent; return whether it was this call that did it.

    `send(job)` puts the job's task into the queue.
    """
    if not is_silent(job):
        return False
    as_seen = {"pk": job.pk, "seq": job.seq}
    if job.state == State.QUEUED:
        changed = progress.change(as_seen, sends=F("sends") + 1)
    elif job.attempt < settings.JOB_ATTEMPTS:
        changed = progress.requeue(as_seen, "The worker went silent. Starting again.")
    else:
        error = f"The worker died {job.attempt} times."
        return progress.fail(as_seen, error) is not None
    if changed is None:
        return False
    send(changed)
    return True


def silent_jobs() -> Iterator[Job]:
    """Yield every job that needs rescue."""
    return (job for job in Job.objects.filter(state__in=LIVE).iterator() if is_silent(job))


def rescue_all(send: Callable[[Job], None]) -> int:
    """Rescue every silent job and sweep up; return how many jobs were mended."""
    mended = sum(rescue(job, send) for job in list(silent_jobs()))
    files.sweep()
    return mended
