"""Slow tasks. Everything in this module goes to the queue `slow` (settings)."""

from celery import shared_task

from . import marks


@shared_task
def fetch_marks(seconds):
    """Return the archive's answer, after `seconds`. It changes nothing: safe to repeat."""
    return marks.fetch_marks(seconds)
