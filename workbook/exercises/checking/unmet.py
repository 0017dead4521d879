"""What a learner is told when something is not met: a few plain lines, no traceback."""

import os
import re
from pathlib import Path
from typing import NoReturn

from workbook.exercises.checking.words import advice


class Unmet(AssertionError):
    """The check found something: the message is for the learner."""


def unmet(what: str, look: str = "", *, wanted=None, got=None) -> NoReturn:
    """Raise Unmet: what is not so, what was expected and happened, where to look."""
    lines = [what]
    if wanted is not None:
        lines.append(f"Expected: {shown(wanted)}")
    if got is not None or wanted is not None:
        lines.append(f"Happened: {shown(got)}")
    if look:
        lines.append(f"Look at:  {look}")
    raise Unmet("\n".join(lines))


def shown(value) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("\n", "\\n") or "nothing (an empty text)"
    return text if len(text) <= 200 else f"{text[:200]} ..."


def stopped_with(error: dict) -> NoReturn:
    """Raise Unmet for an error in the learner's code, as inside.py describes it."""
    words = f"{error['type']}: {error['text']}"
    lines = [f"Your code stopped with an error: {words}"]
    if error["file"]:
        code = f": {error['code']}" if error["code"] else ""
        lines.append(f"Look at:  {error['file']}, line {error['line']}{code}")
    remedy = advice(words)
    lines += [f"Remedy:   {remedy}"] if remedy else []
    raise Unmet("\n".join(lines))


def did_not_answer(folder: Path, status: int | None, stderr: str, limit: float) -> NoReturn:
    """Raise Unmet for a call that hung (no status) or ended the whole program."""
    if status is None:
        look = "a loop without an end, or a wait for something that never comes"
        frames = re.findall(r'File "([^"]+)", line (\d+)', stderr)
        mine = [
            (file, line) for file, line in frames if file.startswith(f"{folder}{os.sep}")
        ]
        if mine:
            file, line = mine[0]
            look = f"{os.path.relpath(file, folder)}, line {line}: {look}"
        unmet(f"Your code did not come back within {limit} s.", look)
    how = f"signal {-status}" if status < 0 else f"exit status {status}"
    unmet(
        f"Your code ended the program ({how}) before it gave an answer.",
        "a call of os._exit, os.kill or os.abort, or too much memory asked for",
    )
