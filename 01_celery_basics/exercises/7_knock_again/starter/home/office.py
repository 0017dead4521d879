"""The school office: a door that is sometimes closed. Nothing to change here."""

import time

from celery import current_task
from django.conf import settings


class DoorClosed(Exception):
    """Nobody opens just now. It may help to come back."""


class NoSuchOffice(Exception):
    """There is no such office. To come back is of no use."""


def knock(office: str) -> str:
    """Knock once. The file DATA_DIR/<office>.txt says how often the door stays closed.

    Beside it a diary keeps when somebody knocked, and for when Celery had planned it.
    """
    door = settings.DATA_DIR / f"{office}.txt"
    if not door.exists():
        raise NoSuchOffice(office)
    closed = int(door.read_text())
    with (settings.DATA_DIR / f"{office}.knocks").open("a") as diary:
        diary.write(f"{time.time()} {current_task.request.eta}\n")
    if closed > 0:
        door.write_text(str(closed - 1))
        raise DoorClosed(office)
    return f"{office} has opened."
