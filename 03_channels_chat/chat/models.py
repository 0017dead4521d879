"""What is kept of a chat: the last messages."""

from django.db import models


class Message(models.Model):
    """One message. Its id orders the room."""

    room = models.CharField(max_length=40)
    name = models.CharField(max_length=150)  # of its sender
    text = models.TextField()
    sent_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        indexes = [models.Index(fields=["room", "id"])]

    def __str__(self):
        return f"{self.name}: {self.text}"
