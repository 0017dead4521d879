"""Letters that nobody looks after: into the queue again, or in doubt.

The row is the promise; the queue only brings it sooner. A queue may lose a task: Celery
throws a retry away when it cannot publish it, and a Redis without a disk forgets all.
Anybody may run the relay, any number of times: a letter is sent from WAITING, and once.
"""

import logging

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from queueing.sending import BrokerDown

from .delivery import later
from .models import Letter
from .posting import queue

log = logging.getLogger(__name__)
State = Letter.State
LONGEST = 600  # seconds between two sends of a letter that no worker takes
BATCH = 500  # letters that one run queues


def overdue(state: State) -> QuerySet[Letter]:
    """Return the letters in this state whose time is over, by the database's clock."""
    return Letter.objects.filter(state=state, due__lte=Now()).order_by("due")


def doubt_the_silent() -> int:
    """Whoever sends for so long is dead. Return how many letters are in doubt now."""
    error = "The worker fell silent while it sent the letter."
    changes = {"state": State.DOUBT, "changed": timezone.now(), "error": error}
    return overdue(State.SENDING).update(**changes)


def send_again(letter: Letter) -> bool:
    """Queue a letter that waits; return whether it was this call that did it.

    It is asked for less and less often; a worker that takes it starts the count again.
    """
    as_seen = {"pk": letter.pk, "state": State.WAITING, "due": letter.due}
    pause = min(settings.MAIL_QUEUE_LEASE * 2 ** min(letter.sends, 10), LONGEST)
    sends = min(letter.sends + 1, 100)
    if not Letter.objects.filter(**as_seen).update(due=later(pause), sends=sends):
        return False
    try:
        queue(letter)
    except BrokerDown:  # not the letter's fault: it keeps its turn
        Letter.objects.filter(pk=letter.pk, state=State.WAITING).update(
            due=Now(), sends=letter.sends
        )
        raise
    return True


def send_what_waits() -> int:
    """Queue every overdue letter; return how many. A broken row stops no other one."""
    sent = 0
    for letter in overdue(State.WAITING)[:BATCH]:
        try:
            sent += send_again(letter)
        except BrokerDown as error:
            log.warning("The letters wait on, the queue does not answer: %s", error)
            break
        except Exception:
            log.exception("The letter %s cannot be queued.", letter.pk)
    return sent
