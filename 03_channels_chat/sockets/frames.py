"""A frame from a client, read with care; and the answer to a bad one."""

import json

MAX_BYTES = 4096  # of one frame from a client


class BadFrame(ValueError):
    """A client's frame that cannot be used; the text says why, for a reader."""


def read_object(text: str | None) -> dict:
    """Return the JSON object in a frame; BadFrame when there is none (None: binary)."""
    if text is None:
        raise BadFrame("Send text: binary frames are not understood.")
    if len(text.encode()) > MAX_BYTES:
        raise BadFrame(f"A frame has at most {MAX_BYTES} bytes.")
    try:
        content = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise BadFrame("This is not JSON.") from None
    if not isinstance(content, dict):
        raise BadFrame('Send a JSON object, like {"message": "hi"}.')
    return content


def _refuse_constant(name):
    raise ValueError(f"{name} is not JSON, though Python writes it.")


def error(reason) -> str:
    """A refusal, for its sender alone."""
    return json.dumps({"error": str(reason)})
