"""A sign of life beside the work, so that a long silent step is not taken for death."""

import logging
import threading
from contextlib import contextmanager

from django.conf import settings
from django.db import Error, close_old_connections, connection

from .. import progress
from ..models import Job

BEATS = 3  # in the time of one lease
logger = logging.getLogger(__name__)


@contextmanager
def beating(job: Job):
    """Inside it, a thread renews the lease of this attempt, whatever the work does.

    It dies with its process and stops with it: then the lease lapses.
    """
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(job, over), name="heartbeat", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _beat(job: Job, over: threading.Event):
    """Renew until it is over, or the job is no longer this attempt's."""
    try:
        while not over.wait(settings.JOB_LEASE / BEATS):
            close_old_connections()  # the thread's own one, should it have broken
            try:
                if not progress.renew(job):
                    return
            except Error as error:
                logger.warning("The lease of job %s was not renewed: %s", job.pk, error)
    finally:
        connection.close()
