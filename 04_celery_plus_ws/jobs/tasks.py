"""The job's task: a thin shell around plain functions, and how it is sent."""

import logging

from celery import shared_task
from django.conf import settings
from django.db import OperationalError

from queueing.sending import BrokerDown, send

from . import bridge, files, progress, rescue
from .models import Job
from .school_report import write_school_report

logger = logging.getLogger(__name__)
MAY_PASS = (OSError, OperationalError)  # a full disk, a busy database: worth another try
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
    path = files.path_of(job)
    try:
        with bridge.kept_open():
            write_school_report(path, job.total, job.pause_ms, progress.Reporter(job))
    except progress.Superseded:
        logger.info("Attempt %s of job %s is no longer wanted.", job.attempt, job_id)
    except MAY_PASS as error:
        try_again(job, error)
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
    if job.attempt >= settings.JOB_ATTEMPTS:
        progress.fail(progress.mine(job), reason)
        return
    wait = job.attempt  # seconds: 1, then 2
    queued = progress.requeue(progress.mine(job), f"{reason}. Trying again in {wait} s.")
    if queued:
        send_job(queued, countdown=wait)


def send_job(job: Job, countdown: float | None = None):
    """Put the job's task into the queue. When the queue is down, the row says so.

    Never raises BrokerDown: the row is there, and rescue sends it later.
    """
    as_seen = {"pk": job.pk, "seq": job.seq}  # a worker may be quicker: then nothing
    try:
        send(run_job, str(job.pk), countdown=countdown)
    except BrokerDown:
        if job.sent:
            progress.change(as_seen, QUEUE_DOWN, sent=False, message=QUEUE_DOWN)
    else:
        if not job.sent:
            progress.change(as_seen, "The queue is back.", sent=True, message=SENT)


@shared_task(ignore_result=True)
def rescue_jobs():
    """Beat runs this for the jobs that nobody watches. Safe to repeat."""
    rescue.rescue_all(send_job)
