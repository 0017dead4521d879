"""May this person start one more job?"""

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction

from .models import LIVE, Job, in_seconds


class TooManyJobs(Exception):
    """The person has as many live jobs as one may have; the text says so."""


def admit(owner, rows: int, pause_ms: int) -> Job:
    """Make a job, queued and not yet sent; TooManyJobs when its owner has enough."""
    with transaction.atomic():
        # The owner's row is the lock: two requests must not both take the last place.
        get_user_model().objects.select_for_update().get(pk=owner.pk)
        live = Job.objects.filter(owner=owner, state__in=LIVE).count()
        if live >= settings.JOB_LIVE_LIMIT:
            raise TooManyJobs(
                f"You have {live} jobs that wait or run, and more are not taken. "
                "Wait for one to end, or cancel one."
            )
        due = in_seconds(settings.JOB_QUEUE_LEASE)
        return Job.objects.create(owner=owner, total=rows, pause_ms=pause_ms, due=due)
