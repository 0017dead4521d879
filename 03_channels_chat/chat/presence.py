"""Who is here: one row for each open socket, with a lease.

A web process that is killed cannot say goodbye for its sockets. So a row only
counts while its socket renews it, and whoever comes next sweeps the others.
"""

from datetime import timedelta
from typing import NamedTuple

from django.conf import settings
from django.db.models import Count
from django.utils import timezone

from .models import Presence

SHOWN = 50  # names; a larger crowd is only counted


class People(NamedTuple):
    """Who is in a room: the first SHOWN names, sorted, and how many there are."""

    names: list[str]
    count: int


def _lapsed():
    """Return the time before which a row no longer counts."""
    return timezone.now() - timedelta(seconds=settings.CHAT_LEASE)


def _present():
    return Presence.objects.filter(seen__gte=_lapsed())


def enter(room: str, channel: str, name: str) -> bool:
    """Note a socket; return whether it is the first that this name has in the room."""
    first = not _present().filter(room=room, name=name).exists()
    renew(room, channel, name)
    Presence.objects.filter(seen__lt=_lapsed()).delete()
    return first


def renew(room: str, channel: str, name: str):
    """Say that the socket is still open."""
    Presence.objects.update_or_create(
        channel=channel, defaults={"room": room, "name": name, "seen": timezone.now()}
    )


def leave(room: str, channel: str, name: str) -> bool:
    """Remove a socket; return whether the name has no other in the room (another tab)."""
    Presence.objects.filter(channel=channel).delete()
    return not _present().filter(room=room, name=name).exists()


def here(room: str) -> People:
    """Return who is in the room."""
    names = _present().filter(room=room).values_list("name", flat=True)
    names = names.distinct().order_by("name")
    return People(list(names[:SHOWN]), names.count())


def rooms_in_use() -> list[tuple[str, int]]:
    """Return the twenty fullest rooms and how many names each has."""
    rooms = _present().values_list("room").annotate(names=Count("name", distinct=True))
    return list(rooms.order_by("-names", "room")[:20])
