"""The report as an e-mail: build the CSV, compose the mail. Sending is the outbox's."""

import tempfile
from email.encoders import encode_base64
from email.mime.base import MIMEBase
from typing import BinaryIO

from django.core.mail import EmailMessage

from reports.csv_export import FILE_NAME, csv_pieces, student_rows

MAX_ATTACHMENT = 7 * 1024 * 1024  # bytes; 9.6 MB in the mail, and many servers take 10


class TooLarge(Exception):
    """The report does not fit into a mail."""

    @property
    def notice(self) -> str:
        """What the visitor may read (outbox)."""
        return str(self)


def build_csv(file: BinaryIO, limit: int = MAX_ATTACHMENT) -> int:
    """Write the students' CSV to `file`; return its size in bytes.

    Raises TooLarge as soon as it has more than `limit` bytes.
    """
    size = 0
    for piece in csv_pieces(student_rows()):
        size += file.write(piece)
        if size > limit:
            raise TooLarge(
                f"The report has more than {limit // 1024**2} MB, too much for a mail. "
                "Please download it instead."
            )
    return size


def compose(address: str, report: bytes) -> EmailMessage:
    """Return the mail to `address` with `report`, a CSV file, attached."""
    message = EmailMessage(
        subject="Students by age",
        body="Hello,\n\nthe report you asked for is attached. A spreadsheet opens it.\n\n"
        "Your school\n",
        to=[address],
    )
    message.attach(as_attachment(report))
    return message


def as_attachment(report: bytes) -> MIMEBase:
    """Return the file as a part of a mail that arrives byte by byte as it is.

    `message.attach(name, report, "text/csv")` would make text of it, and mail servers
    may change the line ends of text.
    """
    part = MIMEBase("text", "csv", charset="utf-8")
    part.set_payload(report)
    encode_base64(part)
    part.add_header("Content-Disposition", "attachment", filename=FILE_NAME)
    return part


def report_for(address: str) -> EmailMessage:
    """Build the CSV and compose the mail.

    The file holds the report while it grows. The mail needs it in memory, and more
    than once: that is why it has a limit.
    """
    with tempfile.TemporaryFile() as file:
        build_csv(file)
        file.seek(0)
        return compose(address, file.read())
