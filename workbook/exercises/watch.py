"""Call a function at every save in a learner's copy."""

import os
from collections.abc import Callable
from pathlib import Path

import watchfiles

NOT_WATCHED = {"var", ".git", "__pycache__", "node_modules"}
SETTLE = 200  # ms: an editor's several writes of one save count as one


def worth(folder: Path, path: str) -> bool:
    """Whether a change of this file should be checked: sources yes, by-products no."""
    parts = os.path.relpath(path, folder).split(os.sep)
    name = parts[-1]
    hidden = name.startswith(".") or name.endswith(("~", ".pyc", ".swp", ".tmp"))
    hidden = hidden or ".sqlite3" in name or "celerybeat-schedule" in name
    return not hidden and not NOT_WATCHED & set(parts)


def watch_copy(folder: Path, check_once: Callable[[], None]):
    """Call `check_once` now and after every save, until Ctrl-C."""
    changes = watchfiles.watch(
        folder,
        watch_filter=lambda change, path: worth(folder, path),
        debounce=SETTLE,
        step=50,
        rust_timeout=250,
        yield_on_timeout=True,
        raise_interrupt=False,
    )
    next(changes)  # the watch stands from here on: a save during the first check counts
    check_once()
    for saved in changes:
        if saved:
            check_once()
