"""Called in a room by test_forks.py: what is there besides the call's own?"""

import importlib.util
import os
import sys


def open_files() -> list[str]:
    """Return what is open but the four files of a call."""
    numbers = [int(number) for number in os.listdir("/proc/self/fd")]
    paths = [f"/proc/self/fd/{number}" for number in numbers if number > 3]
    return [os.readlink(path) for path in paths if os.path.lexists(path)]


def ours() -> list[str]:
    """Return the modules of the workbook that can be imported."""
    names = ("house", "judge", "looks", "workbook", "calls", "rooms")
    return [name for name in names if importlib.util.find_spec(name)]


def see() -> dict:
    return {"open": open_files(), "ours": ours(), "path": sys.path}
