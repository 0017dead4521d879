"""Handing a message to the mail server, and what its refusals mean."""

import smtplib
import time
from contextlib import suppress

from django.conf import settings
from django.core.mail import EmailMessage, get_connection


class NotSent(Exception):
    """The mail server does not have the message; that is certain.

    `reason` is for the log and the staff. What Celery keeps for the visitor's eyes are
    the exception's `args`: there the server's own words are no business of his.
    """

    public = "The mail server did not take the mail."

    def __init__(self, reason: str = ""):
        super().__init__(self.public)
        self.reason = reason

    def __str__(self):
        return self.reason or self.public


class TryLater(NotSent):
    """It is down, or busy: the same message may be taken in a minute."""


class Refused(NotSent):
    """It says no, and will say no again."""


def hand_over(message: EmailMessage) -> None:
    """Send `message` in this process, now; return when the mail server has it.

    Raises TryLater or Refused when it surely has not. Any other error leaves a doubt:
    the line broke while the text was under way.

    A provider on the internet takes seconds, the inbox on this machine milliseconds.
    MAIL_PAUSE seconds of waiting stand for the difference (settings).
    """
    time.sleep(settings.MAIL_PAUSE)
    try:
        connection = get_connection()
        connection.open()
    except Exception as error:  # nothing of the message has left yet
        raise not_sent(error) from error
    try:
        connection.send_messages([message])
    except smtplib.SMTPServerDisconnected:
        raise
    except smtplib.SMTPException as error:  # the server answered, and it was a no
        raise not_sent(error) from error
    finally:
        with suppress(OSError):  # a farewell that fails changes nothing
            connection.close()


def not_sent(error: Exception) -> NotSent:
    """Return `error` as TryLater or Refused.

    SMTP answers 4xx for "not now" and 5xx for "never" (RFC 5321, section 4.2.1).
    A server that does not answer at all is "not now".
    """
    codes = [getattr(error, "smtp_code", None)]
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        codes = [code for code, words in error.recipients.values()]
    no_answer = isinstance(error, OSError) and codes == [None]
    not_now = no_answer or any(code is not None and code < 500 for code in codes)
    if isinstance(error, smtplib.SMTPNotSupportedError):
        not_now = False
    return (TryLater if not_now else Refused)(f"{type(error).__name__}: {error}")
