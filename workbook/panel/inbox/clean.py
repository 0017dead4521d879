"""Makes text that a stranger wrote fit to be shown, and names fit to be saved."""

import mimetypes
import re

# Control characters, marks that turn the reading direction, halves of characters.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]"
)
UNSEEN_IN_TEXT = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
LONGEST_NAME = 120  # characters


def one_line(value: str) -> str:
    """The value without line breaks and other characters that cannot be seen."""
    return " ".join(UNSEEN.sub(" ", value).split())


def text(data: bytes, charset: str | None) -> str:
    """The bytes as text with plain line breaks; what cannot be read becomes a �."""
    try:
        value = data.decode(charset or "utf-8", "replace")
    except (LookupError, ValueError):  # a charset that Python does not know
        value = data.decode("utf-8", "replace")
    return UNSEEN_IN_TEXT.sub("�", value.replace("\r\n", "\n").replace("\r", "\n"))


def content_type(value: str) -> str:
    """The type if it is well formed, else the one for unknown bytes."""
    return value if TYPE.fullmatch(value) else "application/octet-stream"


def file_name(value: str, kind: str, number: int) -> str:
    """A bare file name: no folders, nothing unseen, no leading dot, never empty."""
    last = re.split(r"[/\\]", UNSEEN.sub("", value))[-1].strip().lstrip(". ")
    if not last:
        return f"attachment-{number}{mimetypes.guess_extension(kind) or '.bin'}"
    stem, dot, ending = last.rpartition(".")
    if not dot or len(ending) > 10:  # no real file ending is longer
        return last[:LONGEST_NAME]
    return f"{stem[:LONGEST_NAME]}.{ending}"
