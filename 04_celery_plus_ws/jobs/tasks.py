"""The job's task: a thin shell around plain functions, and how it is sent."""

import logging
from contextlib import suppress
from functools import partial

from celery import shared_task
from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.db import InterfaceError, OperationalError, close_old_connections, transaction

from queueing.sending import BrokerDown, send

from . import bridge, progress, rescue
from .models import Job, State, in_seconds
from .working import files, heartbeat
from .working.school_report import write_school_report

logger = logging.getLogger(__name__)
# A full disk, a busy database, a lost connection to it: worth another try.
MAY_PASS = (OSError, OperationalError, InterfaceError)
QUEUE_DOWN = "The task queue does not answer. The job waits and is sent when it is back."
SENT = "Waiting for a worker."


@shared_task(ignore_result=True)  # the result is the row
def run_job(job_id):
    """Run one attempt of a job. Delivered twice is safe: only one delivery can begin.

    Errors that may pass are tried again, three attempts in all, with 1 s and 2 s between.
    """
    job = progress.begin(job_id)
    if job is None:
        return
    logger.info("Attempt %s of job %s begins.", job.attempt, job_id)
    path = files.path_of(job)
    try:
        with bridge.kept_open(), heartbeat.beating(job):
            write_school_report(path, job.total, job.pause_ms, progress.Reporter(job))
    except progress.Superseded:
        logger.info("Attempt %s of job %s is no longer wanted.", job.attempt, job_id)
    except MAY_PASS as error:
        try_again(job, error)
    except SoftTimeLimitExceeded:
        limit = f"It took longer than {settings.JOB_TIME_LIMIT:,.0f} s."
        progress.fail(progress.mine(job), limit)
    except Exception as error:
        progress.fail(progress.mine(job), f"{type(error).__name__}: {error}")
        raise
    else:
        if progress.succeed(job, path.name) is None:
            path.unlink(missing_ok=True)


def try_again(job: Job, error: Exception):
    """Queue the job once more after an error that may pass; fail after the last attempt."""
    reason = f"{type(error).__name__}: {error}"
    logger.warning("Attempt %s of job %s: %s", job.attempt, job.pk, reason)
    close_old_connections()  # the database's, should that have been the error
    if job.attempt >= settings.JOB_ATTEMPTS:
        progress.fail(progress.mine(job), reason)
        return
    wait = job.attempt  # seconds: 1, then 2
    reason = f"{reason}. Trying again in {wait} s."
    queued = progress.requeue(progress.mine(job), reason, wait)
    if queued:
        send_job(queued, countdown=wait)


def send_job(job: Job, countdown: float | None = None):
    """Put the job's task into the queue, once the row is there for a worker to find.

    Never raises BrokerDown: the row says that it waits, and rescue sends it later.
    """
    transaction.on_commit(partial(_send_quietly, job, countdown))


def _send_quietly(job: Job, countdown: float | None):
    with suppress(BrokerDown):
        publish(job, countdown)


def publish(job: Job, countdown: float | None = None):
    """Put the task into the queue and note in the row what came of it; or BrokerDown."""
    # A worker may be quicker: then there is nothing to note.
    as_seen = {"pk": job.pk, "seq": job.seq, "state": State.QUEUED}
    try:
        send(run_job, str(job.pk), countdown=countdown)
    except BrokerDown:
        if job.sent:
            due = in_seconds(settings.JOB_SEND_AGAIN)
            progress.change(as_seen, QUEUE_DOWN, sent=False, message=QUEUE_DOWN, due=due)
        raise
    if not job.sent:
        due = in_seconds(settings.JOB_QUEUE_LEASE)
        words = {"line": "The queue is back.", "message": SENT}
        progress.change(as_seen, **words, sent=True, sends=1, due=due)


@shared_task(ignore_result=True)
def rescue_jobs():
    """Beat runs this for the jobs that nobody watches. Safe to repeat."""
    rescue.rescue_all(publish)


@shared_task(ignore_result=True)
def sweep_files():
    """Beat runs this. Safe to repeat."""
    files.sweep()
