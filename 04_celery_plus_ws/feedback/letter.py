"""The visitor's feedback as an e-mail to the school."""

import unicodedata

from django.conf import settings
from django.core.mail import EmailMessage

LONGEST = 50  # characters of the message that the subject shows


def one_line(text: str) -> str:
    """Return the beginning of `text` fit for a header: one line, nothing invisible."""
    line = " ".join(text.split())
    visible = "".join(sign for sign in line if unicodedata.category(sign)[0] != "C")
    return visible if len(visible) <= LONGEST else f"{visible[: LONGEST - 1]}…"


def compose(address: str, text: str) -> EmailMessage:
    """Return the mail to the school; an answer to it goes to `address`.

    It goes to the school and nobody else: a form that mails a stranger's words to an
    address of the stranger's choice is a spammer's tool.
    """
    return EmailMessage(
        subject=f"Feedback: {one_line(text)}",
        body=f"{address} writes:\n\n{text}\n",
        to=[settings.FEEDBACK_EMAIL],
        reply_to=[address],
    )
