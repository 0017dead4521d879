"""What travels over a chat's socket: every frame is built, and checked, here."""

import json

from sockets.frames import BadFrame


def check_message(content: dict):
    """BadFrame unless the object has a `message` that can be shown and stored."""
    if "message" not in content:
        raise BadFrame('The object has no "message".')
    message = content["message"]
    if not isinstance(message, str):
        raise BadFrame('"message" must be text.')
    if not message.strip():
        raise BadFrame("The message is empty.")
    # JSON can spell half a character (\ud800), and a NUL, which PostgreSQL refuses.
    if "\0" in message or any("\ud800" <= sign <= "\udfff" for sign in message):
        raise BadFrame('"message" has characters that cannot be stored.')


def message(row, *, old: bool = False) -> str:
    """A message of the room. `id` grows; `old` says that it was sent before you came."""
    frame = {
        "message": row.text,
        "name": row.name,
        "id": row.id,
        "at": row.sent_at.isoformat(timespec="seconds"),
    }
    return json.dumps(frame | {"old": True} if old else frame)


def news(event: str, name: str, people) -> str:
    """Who came or went (`event`), and who is here now.

    Without a `message`, and only for clients that asked for news: a client that
    shows `message` of every frame must not show "undefined".
    """
    frame = {"event": event, "name": name, "here": people.names, "count": people.count}
    return json.dumps(frame)
