"""Beat's memory of when it last sent what; a broken one would end every start."""

import shelve
from pathlib import Path

NAME = "celerybeat-schedule"


def is_sound(path: Path) -> bool:
    """Whether all of the file can be read."""
    try:
        with shelve.open(str(path), flag="r") as memory:
            return "entries" in dict(memory)
    except Exception:  # whatever the machine's kind of database makes of it
        return False


def discard_broken(state: Path):
    """Remove a schedule that cannot be read; beat begins a new one. A sound one stays."""
    files = list(state.glob(f"{NAME}*"))
    if files and not is_sound(state / NAME):
        for file in files:
            file.unlink(missing_ok=True)
