"""Reads a raw message into its parts. However badly formed it is, this gives a letter."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from email import message_from_bytes
from email.headerregistry import HeaderRegistry
from email.message import Message
from email.policy import Compat32

from workbook.panel.inbox import clean

LONGEST_HEADER = 16_000  # characters; the time to parse a header grows with its square
PARSED = HeaderRegistry()


@dataclass(frozen=True)
class Attachment:
    name: str
    content_type: str
    size: int  # bytes
    data: bytes


@dataclass(frozen=True)
class Letter:
    sender: str = ""
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    headers: str = ""
    attachments: tuple[Attachment, ...] = ()


class Careful(Compat32):
    """Reads headers as UTF-8, on one line, and cuts off those without end."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        value = re.sub(r"[\r\n]+", "", value[:LONGEST_HEADER])
        return name, value.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def read(raw: bytes) -> Letter:
    """The letter in these bytes; all of it as plain text where the parser gives up."""
    try:
        return _letter(message_from_bytes(raw, policy=Careful()))
    except Exception:  # for example a thousand parts, each inside the one before
        return Letter(subject="(not a readable message)", text=clean.text(raw, None))


def _letter(message: Message) -> Letter:
    texts, html, attachments = [], "", []
    for part in _leaves(message):
        kind, name, data = part.get_content_type(), part.get_filename(), _data(part)
        attached = bool(name) or part.get_content_disposition() == "attachment"
        charset = part.get_content_charset()
        if kind == "text/html" and not attached and not html:
            html = clean.text(data, charset)
        elif kind in ("text/plain", _broken_multipart(part)) and not attached:
            texts.append(clean.text(data, charset))
        else:
            name = clean.file_name(_decoded(name or ""), kind, len(attachments) + 1)
            attachments.append(Attachment(name, clean.content_type(kind), len(data), data))
    return Letter(
        sender=", ".join(_addresses(message, "From")),
        to=_addresses(message, "To"),
        cc=_addresses(message, "Cc"),
        subject=_decoded(str(message.get("Subject", ""))),
        text="\n".join(texts),
        html=html,
        headers="\n".join(clean.one_line(f"{k}: {v}") for k, v in message.items()),
        attachments=tuple(attachments),
    )


def _leaves(part: Message) -> Iterator[Message]:
    """The parts that hold something. A message inside a message is one attachment."""
    if part.is_multipart() and part.get_content_maintype() == "multipart":
        for child in part.get_payload():
            yield from _leaves(child)
    else:
        yield part


def _broken_multipart(part: Message) -> str | None:
    """The type of a part that says it has parts and has none: its text is shown."""
    return part.get_content_type() if part.get_content_maintype() == "multipart" else None


def _data(part: Message) -> bytes:
    if part.is_multipart():  # a message inside this one
        return b"\r\n".join(child.as_bytes() for child in part.get_payload())
    return part.get_payload(decode=True) or b""


def _decoded(value: str) -> str:
    """A header value in words: =?utf-8?q?Jo=C3=A3o?= becomes João."""
    with suppress(Exception):  # the standard parser raises many kinds on broken values
        value = str(PARSED("Subject", value))
    return clean.one_line(value)


def _addresses(message: Message, name: str) -> tuple[str, ...]:
    value = ", ".join(str(one) for one in message.get_all(name, []))
    try:
        found = [clean.one_line(str(one)) for one in PARSED(name, value).addresses]
    except Exception:  # as above; the raw value is shown instead
        found = []
    found = [one for one in found if one not in ("", "<>")] or [clean.one_line(value)]
    return tuple(one for one in found if one)
