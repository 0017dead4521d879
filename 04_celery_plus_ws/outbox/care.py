"""Letters that a person should look at."""

from contextlib import suppress

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from queueing.sending import BrokerDown

from .delivery import later
from .models import Letter
from .posting import queue

State = Letter.State
UNSENT = (State.DOUBT, State.FAILED, State.WAITING)


def unsent() -> QuerySet[Letter]:
    """Return the letters that were not surely sent, the newest first."""
    return Letter.objects.filter(state__in=UNSENT).order_by("-created")


def send_anew(letter_id) -> bool:
    """Send the letter again, whatever became of it; False when it is sent or being sent.

    For a letter in doubt this is a person's decision: the address may get two.
    """
    changes = {"state": State.WAITING, "error": "", "notice": "", "sends": 0}
    found = Letter.objects.filter(pk=letter_id, state__in=UNSENT)
    if not found.update(due=later(settings.MAIL_QUEUE_LEASE), **changes):
        return False
    transaction.on_commit(lambda: queue_soon(Letter.objects.get(pk=letter_id)))
    return True


def queue_soon(letter: Letter) -> None:
    """Queue it; when the queue does not answer, the relay does."""
    with suppress(BrokerDown):
        queue(letter)
