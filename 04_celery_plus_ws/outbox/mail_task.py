"""How a task that sends a letter behaves: a base class for such tasks."""

from celery import Task

from . import delivery
from .mail_server import TryLater


class MailTask(Task):
    """A task whose first argument is a letter's id.

    While the mail server is down (TryLater, and no other error) it tries again after
    1, 2, 4, 8 … up to 300 seconds, each shortened by chance so that many letters do
    not knock together; after 12 times, a quarter of an hour or so, it gives up.

    The message leaves the queue only when the task has ended. If its worker is killed,
    another one gets it. Safe, because `deliver` sends a letter once.
    """

    autoretry_for = (TryLater,)
    retry_backoff = 1  # seconds
    retry_backoff_max = 300  # seconds
    retry_jitter = True
    max_retries = 12
    acks_late = True
    reject_on_worker_lost = True

    def retry(self, *args, countdown=0, **options):
        """Celery drops a retry that it cannot publish: the row knows of it before."""
        delivery.postpone(self.request.args[0], countdown)
        return super().retry(*args, countdown=countdown, **options)

    def on_failure(self, exc, task_id, args, kwargs, einfo):
        if isinstance(exc, TryLater):  # and no error of ours: then the relay tries again
            delivery.give_up(args[0], exc)
