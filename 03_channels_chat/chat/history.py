"""The last messages of each room, kept for whoever comes later."""

from datetime import timedelta

from django.utils import timezone

from .models import Message

KEPT = 50  # messages a room
KEPT_DAYS = 7


def add(room: str, name: str, text: str) -> Message:
    """Keep a message, drop the room's oldest; return the message with its id."""
    row = Message.objects.create(room=room, name=name, text=text)
    newest = Message.objects.filter(room=room).order_by("-id").values_list("id", flat=True)
    oldest_kept = newest[KEPT - 1 : KEPT]
    Message.objects.filter(room=room, id__lt=oldest_kept).delete()
    return row


def last(room: str) -> list[Message]:
    """Return what is kept of the room, the oldest first."""
    return list(Message.objects.filter(room=room).order_by("-id")[:KEPT])[::-1]


def forget_old() -> int:
    """Delete what is older than KEPT_DAYS in every room; return how many messages."""
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    return Message.objects.filter(sent_at__lt=before).delete()[0]
