"""Sending a letter once, however often a task asks for it."""

import logging
from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError
from django.db.models.functions import Now
from django.utils import timezone

from .mail_server import NotSent, TryLater, hand_over
from .models import Letter

log = logging.getLogger(__name__)
State = Letter.State


def later(seconds: float):
    """Return the time in so many seconds, by the clock of the database."""
    return Now() + timedelta(seconds=seconds)


def change(letter_id, before: State, after: State, **fields) -> bool:
    """Move a letter from one state to another; False when it was not in the first.

    Compare and set in one UPDATE: of two workers that try, the database lets one win.
    """
    found = Letter.objects.filter(pk=letter_id, state=before)
    return bool(found.update(state=after, changed=timezone.now(), **fields))


def failed(letter_id, before: State, after: State, error) -> None:
    """The same, with the reason: for the staff, and what of it is a visitor's business."""
    notice = getattr(error, "notice", "")
    fields = {"error": str(error)[:300], "notice": notice}
    change(letter_id, before, after, due=later(settings.MAIL_QUEUE_LEASE), **fields)


def postpone(letter_id, seconds: float) -> None:
    """Say when the next try is due. If nobody has tried by then, the relay does."""
    due = later(seconds + settings.MAIL_QUEUE_LEASE)
    Letter.objects.filter(pk=letter_id, state=State.WAITING).update(due=due)


def deliver(letter_id, compose: Callable[[Letter], EmailMessage]) -> str:
    """Send the letter unless somebody has it already; return what was done, in words.

    Raises TryLater when the mail server is down: the letter waits again.
    """
    lease = {"due": later(settings.MAIL_LEASE), "sends": 0}
    if not change(letter_id, State.WAITING, State.SENDING, **lease):
        return "nothing to send: the letter is not waiting (any more)"
    try:
        message = compose(Letter.objects.get(pk=letter_id))
        message.extra_headers["Message-ID"] = message_id(letter_id)
    except DatabaseError as error:  # nothing has left: the relay sends it again
        failed(letter_id, State.SENDING, State.WAITING, error)
        raise
    except Exception as error:
        failed(letter_id, State.SENDING, State.FAILED, error)
        raise
    try:
        hand_over(message)
    except NotSent as error:
        after = State.WAITING if isinstance(error, TryLater) else State.FAILED
        failed(letter_id, State.SENDING, after, error)
        raise
    except Exception as error:
        failed(letter_id, State.SENDING, State.DOUBT, error)
        raise
    done = change(letter_id, State.SENDING, State.SENT, error="")
    if not done:  # it took longer than its lease, and now there is no doubt
        change(letter_id, State.DOUBT, State.SENT, error="")
    log.info("The letter %s is sent.", letter_id)
    return "sent"


def give_up(letter_id, error) -> None:
    """A letter that has waited long enough is a failed one."""
    failed(letter_id, State.WAITING, State.FAILED, error)


def message_id(letter_id) -> str:
    """The same for every try: a mail server may drop a second copy by it."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ")
    return f"<{letter_id}@{domain}>"
