"""Which names a room may have, and what its group is called."""

import hashlib
import re
import unicodedata

LONGEST = 40  # characters
ALLOWED = re.compile(r"[\w.-]+")  # \w: letters and digits of every script, and _


class BadRoom(ValueError):
    """A room may not have this name; the text says why, for a reader."""


def check_room(name: str) -> str:
    """Return the name as it is kept; BadRoom, with the reason, when it is not allowed."""
    # An é can be one character or two that look the same: both must be one room.
    name = unicodedata.normalize("NFC", name).strip()
    if not name:
        raise BadRoom("A room needs a name.")
    if len(name) > LONGEST:
        raise BadRoom(f"A room's name has at most {LONGEST} characters.")
    if not ALLOWED.fullmatch(name):
        raise BadRoom("A room's name has only letters, digits, and the signs - _ and .")
    return name


def group_of(kind: str, room: str = "") -> str:
    """Return the name of the channel layer's group for a room.

    A group's name is ASCII only and shorter than 100 characters, a room's is
    not: so the group has the room's hash.
    """
    return f"{kind}.{hashlib.sha256(room.encode()).hexdigest()}"
