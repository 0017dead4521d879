"""A job: one row, and the row is the truth about it."""

import uuid

from django.conf import settings
from django.db import models
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
    sent = models.BooleanField(default=True)  # False: the queue refused it
    sends = models.PositiveSmallIntegerField(default=1)  # tries to send this attempt
    seq = models.PositiveIntegerField(default=1)  # grows by one with every change
    heartbeat = models.DateTimeField(default=timezone.now)  # of the last change

    log = models.TextField(blank=True)  # the last lines, each ended by a newline
    lines = models.PositiveIntegerField(default=0)  # how many there ever were

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ("-created", "id")
        indexes = [models.Index(fields=["state", "heartbeat"], name="jobs_by_silence")]

    def __str__(self):
        return f"{self.id}, {self.state}"

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
            "left": self.total - self.done,
            "percent": self.percent,
            "message": self.message,
            "error": self.error,
            "attempt": self.attempt,
            "seq": self.seq,
            "final": self.final,
        }

    def log_frames(self, after: int = 0) -> list[dict]:
        """Return the kept log lines with a number above `after`, the oldest first."""
        kept = self.log.split("\n")[:-1]
        if len(self.log) == LOG_LENGTH:
            kept = kept[1:]  # the cut went through this one
        first = self.lines - len(kept) + 1
        numbered = [{"log": line, "n": first + i} for i, line in enumerate(kept)]
        return [frame for frame in numbered if frame["n"] > after]
