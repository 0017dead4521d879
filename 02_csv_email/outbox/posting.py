"""From a request to the queue."""

from celery import Task
from celery.result import AsyncResult

from queueing.sending import BrokerDown, send

from .models import Letter


def post(task: Task, address: str, text: str = "") -> tuple[Letter, AsyncResult]:
    """Write the letter down and queue `task` for it.

    The row comes first: the worker must find it. When the broker is down the row goes
    again and BrokerDown is raised, so "nothing was sent" is true even if the broker
    got the message after all: its task finds no letter.
    """
    letter = Letter.objects.create(address=address, text=text)
    try:
        return letter, send(task, str(letter.pk))
    except BrokerDown:
        letter.delete()
        raise
