"""The letters that this school has promised to send."""

import uuid

from django.db import models
from django.db.models.functions import Now


class Letter(models.Model):
    """One letter and what has become of it. It is sent from WAITING, and once.

    SENDING is the gap: a worker that dies in it leaves a letter of which nobody
    knows whether the mail server has it. Such a letter is not sent again by itself.
    """

    class State(models.TextChoices):
        WAITING = "waiting"
        SENDING = "sending"
        SENT = "sent"
        FAILED = "failed"
        DOUBT = "in doubt"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    address = models.EmailField()  # the visitor's
    text = models.TextField(blank=True)  # what the visitor wrote; a report has none
    task = models.CharField(
        max_length=100, default=""
    )  # the name of the task that sends it
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    error = models.CharField(max_length=300, blank=True)  # of the last try, for the staff
    notice = models.CharField(max_length=300, blank=True)  # of a failure, for the visitor
    due = models.DateTimeField(db_default=Now())  # when the relay looks after it
    sends = models.PositiveSmallIntegerField(default=0)  # by the relay, since the last try
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    class Meta:
        indexes = [models.Index(fields=["state", "due"], name="letters_due")]

    def __str__(self):
        return f"{self.address}: {self.state}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (self.State.SENT, self.State.FAILED, self.State.DOUBT)
