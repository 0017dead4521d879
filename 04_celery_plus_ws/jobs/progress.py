"""The one place where a job changes.

Every change is one UPDATE that says which row it expects ("compare and set"), so
of two writers one wins and the other learns that it came too late. Then the new
state is sent to whoever watches.
"""

import time

from django.conf import settings
from django.db.models import F, Value
from django.db.models.functions import Concat, Right
from django.utils import timezone

from . import bridge
from .models import LIVE, LOG_LENGTH, Job, State


class Superseded(Exception):
    """The job is no longer this attempt's: it was cancelled, or somebody else has it."""


def change(where: dict, line: str = "", **fields) -> Job | None:
    """Change the job that matches `where` and tell its watchers.

    `line` goes into the job's log. Returns the job as it is now, None when no job
    matched: then nothing was written and nothing was sent.
    """
    line = one_line(line)
    if line:
        fields["log"] = Right(Concat("log", Value(f"{line}\n")), LOG_LENGTH)
        fields["lines"] = F("lines") + 1
    jobs = Job.objects.filter(**where)
    if not jobs.update(seq=F("seq") + 1, heartbeat=timezone.now(), **fields):
        return None
    job = Job.objects.get(pk=where["pk"])
    bridge.tell(bridge.job_group(job.pk), news(job, bool(line)))
    return job


def news(job: Job, with_line: bool) -> dict:
    """Return the event that the consumers of this job's group receive."""
    lines = job.log_frames(after=job.lines - 1) if with_line else []
    return {"type": "job.news", "snapshot": job.snapshot(), "lines": lines}


def one_line(text: str) -> str:
    """Return `text` fit for one line of the log: no line breaks, at most 200 characters."""
    return " ".join(str(text).replace("\0", "").split())[:200]


def begin(job_id) -> Job | None:
    """Claim a queued job for a new attempt; None when there is nothing to do.

    A task that is delivered twice ends here: the second one finds no queued job.
    """
    return change(
        {"pk": job_id, "state": State.QUEUED},
        line="A worker has begun.",
        state=State.RUNNING,
        attempt=F("attempt") + 1,
        done=0,
        sent=True,
        message="Writing the report.",
    )


def mine(job: Job) -> dict:
    """Return what the row must still say for this attempt to be allowed to write."""
    return {"pk": job.pk, "state": State.RUNNING, "attempt": job.attempt}


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
        if change(mine(self.job), line, done=done) is None:
            raise Superseded
        self.due = time.monotonic() + self.every


def succeed(job: Job, file: str) -> Job | None:
    """End the attempt well, with `file` to download; None when it came too late."""
    return change(
        mine(job),
        line=f"Done: {job.total:,} rows.",
        state=State.SUCCEEDED,
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
        message="The job has failed.",
        error=error,
    )


def requeue(where: dict, reason: str) -> Job | None:
    """Put a job back into the queue for one more attempt; the caller sends it."""
    return change(
        where, line=reason, state=State.QUEUED, message=one_line(reason), sent=True, sends=1
    )


def cancel(job_id) -> Job | None:
    """Cancel a job that has not ended; None when it had."""
    return change(
        {"pk": job_id, "state__in": LIVE},
        line="Cancelled.",
        state=State.CANCELLED,
        message="Cancelled.",
    )
