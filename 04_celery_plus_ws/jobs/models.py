"""A job: one row, and the row is the truth about it. Its log has a row of its own."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Value
from django.db.models.functions import Concat, Now, Right
from django.utils import timezone


class State(models.TextChoices):
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


LOG_LENGTH = 8_000  # characters kept; older lines go
FINAL = {State.SUCCEEDED, State.FAILED, State.CANCELLED}
LIVE = {State.QUEUED, State.RUNNING}


def in_seconds(seconds: float):
    """Return a moment by the database's clock: the machines' own may differ."""
    return Now() + timedelta(seconds=seconds)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Return the jobs that `user` may see: one's own; all of them for staff."""
        return self if user.is_staff else self.filter(owner=user)


class Job(models.Model):
    """One school report. Only jobs/progress.py changes it after it was created."""

    # Made before the task is sent, so that the page can watch from the start.
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    created = models.DateTimeField(default=timezone.now)

    total = models.PositiveIntegerField()  # rows wanted
    pause_ms = models.PositiveSmallIntegerField(default=0)  # a row: simulated slowness

    state = models.CharField(max_length=10, choices=State, default=State.QUEUED)
    done = models.PositiveIntegerField(default=0)  # rows written
    message = models.CharField(max_length=200, default="Waiting for a worker.")
    error = models.CharField(max_length=200, blank=True)
    file = models.CharField(max_length=80, blank=True)  # its name, once it is whole

    attempt = models.PositiveSmallIntegerField(default=0)  # how often a worker began
    token = models.CharField(max_length=32, blank=True)  # of the worker that has it now
    sent = models.BooleanField(default=True)  # False: the queue refused it
    sends = models.PositiveSmallIntegerField(default=1)  # how often in a row it was sent
    seq = models.PositiveIntegerField(default=1)  # grows by one with every change
    # When the lease ends: then somebody must look after the job. None: never.
    due = models.DateTimeField(null=True, db_default=Now(), db_index=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created", "id")

    def __str__(self):
        return f"{self.id}, {self.state}"

    @property
    def name(self) -> str:
        """What people call it: enough of its id to tell it from the others."""
        return str(self.pk)[:8]

    @property
    def final(self) -> bool:
        return self.state in FINAL

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total

    def snapshot(self) -> dict:
        """Return the whole state as the browser gets it, over HTTP and over the socket."""
        return {
            "id": str(self.pk),
            "state": str(self.state),
            "done": self.done,
            "total": self.total,
            "percent": self.percent,
            "message": self.message,
            "error": self.error,
            "attempt": self.attempt,
            "seq": self.seq,
            "final": self.final,
        }


class JobLogManager(models.Manager):
    def append(self, job_id, line: str) -> dict:
        """Add a line to the log of this job; return the line's frame."""
        longer = Right(Concat("text", Value(f"{line}\n")), LOG_LENGTH)
        logs = self.filter(pk=job_id)
        if not logs.update(text=longer, lines=F("lines") + 1):
            self.create(pk=job_id, text=f"{line}\n", lines=1)
        return {"log": line, "n": logs.values_list("lines", flat=True).get()}

    def frames(self, job_id, after: int = 0) -> list[dict]:
        """Return the kept lines with a number above `after`, the oldest first."""
        log = self.filter(pk=job_id).first()
        return log.frames(after) if log else []


class JobLog(models.Model):
    """A job's last lines. Reports come five times a second: they do not rewrite these."""

    job = models.OneToOneField(Job, models.CASCADE, primary_key=True, related_name="log")
    text = models.TextField(blank=True)  # each line ended by a newline
    lines = models.PositiveIntegerField(default=0)  # how many there ever were

    objects = JobLogManager()

    def __str__(self):
        return f"{self.pk}, {self.lines} lines"

    def frames(self, after: int = 0) -> list[dict]:
        kept = self.text.split("\n")[:-1]
        if len(self.text) == LOG_LENGTH:
            kept = kept[1:]  # the cut went through this one
        first = self.lines - len(kept) + 1
        numbered = [{"log": line, "n": first + i} for i, line in enumerate(kept)]
        return [frame for frame in numbered if frame["n"] > after]
