"""The last messages of each room, kept for whoever comes later."""

from datetime import timedelta

from django.db.models import Count, Max
from django.utils import timezone

from .models import Message

KEPT = 50  # messages a room
KEPT_DAYS = 7
AT_ONCE = 1000  # messages in one look


def add_all(said: list[tuple[str, str, str]]) -> list[Message]:
    """Keep messages, (room, name, text) each; return them with their ids, in order."""
    rows = [Message(room=room, name=name, text=text) for room, name, text in said]
    return Message.objects.bulk_create(rows)


def add(room: str, name: str, text: str) -> Message:
    """Keep one message."""
    return add_all([(room, name, text)])[0]


def last(room: str) -> list[Message]:
    """Return the room's last messages, the oldest first."""
    return list(Message.objects.filter(room=room).order_by("-id")[:KEPT])[::-1]


def newest() -> int:
    """Return the highest id; 0 when there is none."""
    return Message.objects.aggregate(Max("id", default=0))["id__max"]


def after(number: int) -> list[Message]:
    """Return what came after this id in all rooms, the oldest first, at most AT_ONCE."""
    return list(Message.objects.filter(id__gt=number).order_by("-id")[:AT_ONCE])[::-1]


def forget_old() -> int:
    """Delete what no room needs any more; return how many messages.

    By the clock, not with every message: to write one then takes one statement.
    """
    before = timezone.now() - timedelta(days=KEPT_DAYS)
    forgotten = Message.objects.filter(sent_at__lt=before).delete()[0]
    full = Message.objects.values("room").annotate(n=Count("id")).filter(n__gt=KEPT)
    for room in full.values_list("room", flat=True):
        ids = Message.objects.filter(room=room).order_by("-id").values_list("id", flat=True)
        oldest_kept = ids[KEPT - 1]
        forgotten += Message.objects.filter(room=room, id__lt=oldest_kept).delete()[0]
    return forgotten
