"""The one place where a job changes.

Every change is one UPDATE that says which row it expects ("compare and set"), so
of two writers one wins and the other learns that it came too late. Then the new
state is sent to whoever watches. A live job also has a lease, `due`: when it ends,
jobs/rescue.py looks after the job.
"""

import secrets
import time
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F

from . import bridge
from .models import LIVE, Job, JobLog, State, in_seconds


class Superseded(Exception):
    """The job is no longer this attempt's: it was cancelled, or somebody else has it."""


def change(where: dict, line: str = "", **fields) -> Job | None:
    """Change the job that matches `where` and, once that is certain, tell its watchers.

    `line` goes into the job's log. Returns the job as it is now, None when no job
    matched: then nothing was written and nothing is sent.
    """
    write = transaction.atomic(_write) if line else _write  # state and line, or neither
    lines = write(where, one_line(line), fields)
    if lines is None:
        return None
    job = Job.objects.get(pk=where["pk"])
    transaction.on_commit(partial(bridge.tell, bridge.job_group(job.pk), news(job, lines)))
    return job


def _write(where: dict, line: str, fields: dict) -> list[dict] | None:
    if not Job.objects.filter(**where).update(seq=F("seq") + 1, **fields):
        return None
    return [JobLog.objects.append(where["pk"], line)] if line else []


def news(job: Job, lines: list[dict]) -> dict:
    """Return the event that the watchers of this job receive."""
    return {"type": "job.news", "snapshot": job.snapshot(), "lines": lines}


def one_line(text: str) -> str:
    """Return `text` fit for one line of the log: no line breaks, at most 200 characters."""
    return " ".join(str(text).replace("\0", "").split())[:200]


def begin(job_id) -> Job | None:
    """Claim a queued job for a new attempt; None when there is nothing to do.

    A task that is delivered twice ends here: the second one finds no queued job. The
    claim leaves a token in the row, and the row is read by that token: should we be
    held up between the two, and another worker have the job by then, we get nothing.
    """
    token = secrets.token_hex(16)
    claimed = Job.objects.filter(pk=job_id, state=State.QUEUED).update(
        state=State.RUNNING,
        token=token,
        attempt=F("attempt") + 1,
        seq=F("seq") + 1,
        done=0,
        sent=True,
        sends=1,
        due=in_seconds(settings.JOB_LEASE),
        message="Writing the report.",
    )
    ours = {"pk": job_id, "state": State.RUNNING, "token": token}
    if not claimed or change(ours, line="A worker has begun.") is None:
        return None
    return Job.objects.filter(**ours).first()


def mine(job: Job) -> dict:
    """Return what the row must still say for this attempt to be allowed to write."""
    return {"pk": job.pk, "state": State.RUNNING, "token": job.token}


def renew(job: Job) -> bool:
    """Renew the lease of this attempt; return False when it is no longer the job's."""
    due = in_seconds(settings.JOB_LEASE)
    return Job.objects.filter(**mine(job)).update(due=due) == 1


class Reporter:
    """Reports how far one attempt is, a few times a second at most.

    Call it as often as you like: a report that is not due costs 0.1 µs. Raises
    Superseded when the job is no longer this attempt's.
    """

    def __init__(self, job: Job):
        self.job = job
        self.every = settings.JOB_REPORT_EVERY  # seconds
        self.due = 0.0
        self.tenth = 0

    def __call__(self, done: int):
        if time.monotonic() >= self.due:
            self._report(done)

    def _report(self, done: int):
        tenth = 10 * done // self.job.total
        line = f"{done:,} of {self.job.total:,} rows." if tenth > self.tenth else ""
        self.tenth = tenth
        due = in_seconds(settings.JOB_LEASE)
        if change(mine(self.job), line, done=done, due=due) is None:
            raise Superseded
        self.due = time.monotonic() + self.every


def succeed(job: Job, file: str) -> Job | None:
    """End the attempt well, with `file` to download; None when it came too late."""
    return change(
        mine(job),
        line=f"Done: {job.total:,} rows.",
        state=State.SUCCEEDED,
        due=None,
        done=job.total,
        message="The report is ready.",
        file=file,
    )


def fail(where: dict, error: str) -> Job | None:
    """End the job with an error."""
    error = one_line(error)
    return change(
        where,
        line=f"Failed: {error}",
        state=State.FAILED,
        due=None,
        message="The job has failed.",
        error=error,
    )


def requeue(where: dict, reason: str, wait: float = 0) -> Job | None:
    """Put a job back into the queue for one more attempt; the caller sends it.

    `wait` is for how many seconds the task is held back.
    """
    return change(
        where,
        line=reason,
        state=State.QUEUED,
        message=one_line(reason),
        sent=True,
        sends=1,
        due=in_seconds(settings.JOB_QUEUE_LEASE + wait),
    )


def cancel(job_id) -> Job | None:
    """Cancel a job that has not ended; None when it had."""
    return change(
        {"pk": job_id, "state__in": LIVE},
        line="Cancelled.",
        state=State.CANCELLED,
        due=None,
        message="Cancelled.",
    )
