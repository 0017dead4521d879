"""The mail that has come in: one .eml file a message, and an index of them in memory."""

import json
import os
import re
import threading
import time
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from workbook.panel.inbox import clean, letter
from workbook.panel.inbox.letter import Attachment, Letter

# The first line of each file says what the SMTP client said, which the headers need not.
ENVELOPE = b"X-Envelope: "


@dataclass(frozen=True)
class Mail:
    id: str
    received: datetime  # UTC
    size: int  # bytes, as they came
    envelope_from: str
    envelope_to: tuple[str, ...]
    letter: Letter  # its attachments without their bytes

    @property
    def sender(self) -> str:
        return self.letter.sender or self.envelope_from

    @property
    def to(self) -> tuple[str, ...]:
        return self.letter.to or self.envelope_to

    @property
    def envelope_differs(self) -> bool:
        """Do the headers name others than those the mail came from and went to?"""
        named = {_bare(one) for one in self.to + self.letter.cc}
        return named != {_bare(one) for one in self.envelope_to} or (
            _bare(self.sender) != _bare(self.envelope_from)
        )


class Store:
    def __init__(self, folder: Path):
        self._folder = folder
        self._lock = threading.Lock()
        self._mails: dict[str, Mail] = {}  # oldest first
        self._started, self._changes = time.time_ns(), 0
        folder.mkdir(parents=True, exist_ok=True)
        for path in sorted(folder.glob("*.eml")):
            mail = _load(path)
            if mail:
                self._mails[mail.id] = mail

    @property
    def version(self) -> str:
        """Another word after every change."""
        return f"{self._started}-{self._changes}"

    def add(self, raw: bytes, sender: str, recipients: list[str]) -> None:
        """Keep one message. Raises OSError where the disk does not take it."""
        said = {"from": sender, "to": recipients, "received": datetime.now(UTC).isoformat()}
        mail = _mail(said, raw)
        with self._lock:
            newest = int(next(reversed(self._mails), "0"))
            mail_id = f"{max(time.time_ns(), newest + 1):019}"
            path = self._folder / f"{mail_id}.eml"
            unfinished = path.with_suffix(".part")
            unfinished.write_bytes(ENVELOPE + json.dumps(said).encode() + b"\r\n" + raw)
            os.replace(unfinished, path)
            self._mails[mail_id] = replace(mail, id=mail_id)
            self._changes += 1

    def newest_first(self) -> list[Mail]:
        with self._lock:
            return list(reversed(self._mails.values()))

    def get(self, mail_id: str) -> Mail | None:
        return self._mails.get(mail_id)

    def attachment(self, mail_id: str, number: int) -> Attachment | None:
        """The attachment with its bytes, read from the file; the first is number 1."""
        mail = self.get(mail_id)
        if not mail or not 1 <= number <= len(mail.letter.attachments):
            return None
        try:
            stored = (self._folder / f"{mail_id}.eml").read_bytes()
        except OSError:  # somebody emptied the folder by hand
            return None
        return letter.read(stored.partition(b"\r\n")[2]).attachments[number - 1]

    def clear(self) -> None:
        """Delete every mail. Raises OSError at one that cannot be; that one stays."""
        with self._lock:
            self._changes += 1
            for mail_id in list(self._mails):
                (self._folder / f"{mail_id}.eml").unlink(missing_ok=True)
                del self._mails[mail_id]


def _load(path: Path) -> Mail | None:
    """The mail in a file of ours; None for any other file, which is left alone."""
    if not re.fullmatch("[0-9]{19}", path.stem):
        return None
    try:
        first, _, raw = path.read_bytes().partition(b"\r\n")
        said = json.loads(first.removeprefix(ENVELOPE))
        return replace(_mail(said, raw), id=path.stem)
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _mail(said: dict, raw: bytes) -> Mail:
    whole = letter.read(raw)
    light = tuple(replace(one, data=b"") for one in whole.attachments)
    return Mail(
        id="",
        received=datetime.fromisoformat(said["received"]),
        size=len(raw),
        envelope_from=clean.one_line(said["from"]),
        envelope_to=tuple(clean.one_line(one) for one in said["to"]),
        letter=replace(whole, attachments=light),
    )


def _bare(address: str) -> str:
    """ana@example.com, out of Ana <ana@example.com>."""
    inside = re.search(r"<([^<>]*)>$", address)
    return (inside[1] if inside else address).lower()
