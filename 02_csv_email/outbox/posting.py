"""From a request to the queue."""

from functools import partial

from celery import Task, current_app
from django.conf import settings
from django.db import transaction

from queueing.sending import BrokerDown, send

from .delivery import later
from .models import Letter


def post(task: Task, address: str, text: str = "") -> Letter:
    """Write the letter down and, once that is committed, queue `task` for it.

    When the broker is down the row goes again and BrokerDown is raised. Should this
    process die in between, the row waits, and the relay queues it.
    """
    letter = Letter.objects.create(
        address=address, text=text, task=task.name, due=later(settings.MAIL_QUEUE_LEASE)
    )
    transaction.on_commit(partial(queue_or_withdraw, letter))
    return letter


def queue(letter: Letter) -> None:
    """Queue the letter's task, under the letter's id."""
    send(current_app.tasks[letter.task], str(letter.pk), task_id=str(letter.pk))


def queue_or_withdraw(letter: Letter) -> None:
    """Queue it, or make "nothing was sent" true.

    A frozen broker may hand the task out when it wakes: it finds no letter. Has a worker
    been quicker and is sending, then the letter stays and is as good as queued.
    """
    try:
        queue(letter)
    except BrokerDown:
        waiting = Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING)
        if waiting.delete()[0]:
            raise
