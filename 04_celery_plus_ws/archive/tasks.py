"""Slow tasks. Everything in this module goes to the queue `slow` (settings)."""

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded

from . import clerk, marks


@shared_task
def fetch_marks(seconds):
    """Return the archive's answer, after `seconds`. It changes nothing: safe to repeat."""
    return marks.fetch_marks(seconds)


@shared_task(bind=True, max_retries=4)
def fetch_register(self, closed_times=2):
    """Return the register. It only reads: safe to repeat.

    When the archive is closed, and on no other error: at most 4 more tries, after
    about 1, 2, 4 and 8 seconds.
    """
    tries = self.request.retries
    try:
        return clerk.fetch_register(tries, closed_times)
    except clerk.ArchiveClosed as error:
        raise self.retry(exc=error, countdown=clerk.wait_before_retry(tries)) from error


@shared_task(soft_time_limit=1, time_limit=3)  # seconds
def sort_papers(seconds, stubborn=False):
    """Sort for `seconds`; stop tidily after 1 s, or be ended after 3 s when stubborn.

    The soft limit is an exception in the task. The hard limit ends the worker's
    process, and the task has no say in it. Both need the prefork pool.
    """
    try:
        return clerk.sort_papers(seconds)
    except SoftTimeLimitExceeded:
        if not stubborn:
            return "Stopped at the soft limit; the papers are back in their boxes."
        return clerk.sort_papers(seconds)
