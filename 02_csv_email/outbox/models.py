"""The letters that this school has promised to send."""

import uuid

from django.db import models


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
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    error = models.CharField(max_length=300, blank=True)  # of the last try
    created = models.DateTimeField(auto_now_add=True)
    changed = models.DateTimeField(auto_now=True)

    def __str__(self):
        return f"{self.address}: {self.state}"

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to it by itself."""
        return self.state in (self.State.SENT, self.State.FAILED, self.State.DOUBT)
