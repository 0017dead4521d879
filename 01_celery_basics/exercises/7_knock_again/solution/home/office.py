"""The school office: a door that is sometimes closed. Nothing to change here."""

from django.conf import settings


class DoorClosed(Exception):
    """Nobody opens just now. It may help to come back."""


class NoSuchOffice(Exception):
    """There is no such office. To come back is of no use."""


def knock(office: str) -> str:
    """Knock once. The file DATA_DIR/<office>.txt says how often the door stays closed."""
    door = settings.DATA_DIR / f"{office}.txt"
    if not door.exists():
        raise NoSuchOffice(office)
    closed = int(door.read_text())
    with (settings.DATA_DIR / f"{office}.knocks").open("a") as diary:
        diary.write("knock\n")
    if closed > 0:
        door.write_text(str(closed - 1))
        raise DoorClosed(office)
    return f"{office} has opened."
