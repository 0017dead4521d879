"""Judge a stranger's work: on a copy, with limits, behind the wall.

    python -m workbook.exercises.grading.stranger walled|open SCRATCH CHECK FOLDER

The judge stays outside; the learner's code runs in the room behind the wall.
"""

import contextlib
import os
import shutil
import stat
import sys
from pathlib import Path

from workbook.exercises.checking import judge
from workbook.exercises.checking.calls import Room
from workbook.exercises.grading import limits, wall

MOST_FILES = 2_000
MOST_BYTES = 20 * 1024**2  # of a learner's folder
LEFT_OUT = {"var", "__pycache__", ".git", ".venv", "node_modules"}


class TooMuch(Exception):
    """The folder is too large to be somebody's exercise."""


def take_copy(source: Path, target: Path):
    """Copy the plain files of `source`; links and pipes are left out."""
    count = size = 0
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        there = target / Path(folder).relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        for name in files:
            file = Path(folder, name)
            found = file.lstat()
            if not stat.S_ISREG(found.st_mode):
                continue
            count, size = count + 1, size + found.st_size
            if count > MOST_FILES or size > MOST_BYTES:
                raise TooMuch(f"over {MOST_FILES} files or {MOST_BYTES // 1024**2} MB")
            shutil.copyfile(file, there / name)


def shown(check: Path, copy: Path) -> list[Path]:
    """Return what a check needs to see: itself, its program, the copy; no solution."""
    beside = [check.parent / "starter", *sorted(check.parent.glob("*.py"))]
    return [*(path for path in beside if path.exists()), copy]


def verdict(walled: bool, scratch: Path, check: Path, folder: Path) -> dict:
    copy = scratch / "work"
    try:
        take_copy(folder, copy)
    except (TooMuch, OSError) as error:
        return judge.refusal(f"The folder cannot be copied: {error}.")
    with contextlib.ExitStack() as stack:
        enter, inside = [], scratch
        if walled:
            enter = stack.enter_context(limits.together())
            enter = [*enter, *wall.words(scratch, shown(check, copy))]
            inside = wall.SCRATCH
        room = Room(inside, enter, limits.of_each(walled))
        return judge.judge(check, copy, inside, room)


def command(walled: bool, scratch: Path, check: Path, folder: Path) -> list[str]:
    """Return the command of this judge."""
    words = [sys.executable, "-m", "workbook.exercises.grading.stranger"]
    paths = [scratch.resolve(), check.resolve(), folder.resolve()]
    return [*words, "walled" if walled else "open", *map(str, paths)]


if __name__ == "__main__":
    way, *paths = sys.argv[1:5]
    sys.exit(judge.announce(lambda: verdict(way == "walled", *map(Path, paths))))
