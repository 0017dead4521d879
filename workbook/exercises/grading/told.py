"""What a learner tells of the course: progress.json, which `make learn` gives out.

Told, not proved: it stands beside what the checks have found.
"""

import json
import os
import stat
from pathlib import Path
from typing import NamedTuple

from workbook.exercises import catalogue

FILE = "progress.json"
LARGEST = 100_000  # bytes; a whole course is about 2,000


class Claim(NamedTuple):
    done: bool
    hints: int


Told = dict[str, Claim]  # by exercise; empty: nothing was handed in


def told(learner: Path) -> Told:
    """Return what the file in the learner's folder tells of the exercises there are."""
    for place in (learner, learner / "my_work"):
        found = _read(place / FILE) if not place.is_symlink() else None
        if isinstance(found, dict):
            names = [one.name for one in catalogue.exercises()]
            return {name: _claim(found[name]) for name in names if name in found}
    return {}


def _read(path: Path):
    """Return what the file says; None when it is no small, regular file of JSON."""
    try:
        door = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(door, "rb") as file:
            if not stat.S_ISREG(os.fstat(door).st_mode):
                return None
            return json.loads(file.read(LARGEST))
    except (OSError, ValueError, RecursionError):
        return None


def _claim(value) -> Claim:
    value = value if isinstance(value, dict) else {}
    hints = value.get("hints")
    return Claim(value.get("done") is True, hints if hints in (0, 1, 2, 3) else 0)
