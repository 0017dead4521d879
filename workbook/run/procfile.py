"""Procfiles: `name: command`, one process a line."""

import re
from pathlib import Path


def read(path: Path) -> dict[str, str]:
    """Return the commands of a Procfile by process name, in the file's order."""
    commands = {}
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, colon, command = line.partition(":")
        if not colon or not name.strip() or not command.strip():
            raise ValueError(f"{path.name}, line {number}: expected `name: command`.")
        commands[name.strip()] = command.strip()
    return commands


def is_worker(command: str) -> bool:
    """Whether the command is a Celery worker, which answers a ping when it is up."""
    words = command.split()
    return "celery" in words and "worker" in words


def node_of(command: str) -> str | None:
    """The name, before the @, that a worker's command gives it; None for no worker."""
    if not is_worker(command):
        return None
    given = re.search(r"(?:-n|--hostname)[ =](\S+?)@", command)
    return given[1] if given else "celery"


def queue_of(command: str) -> str:
    """The first queue that a worker's command names; Celery's own default otherwise."""
    given = re.search(r"(?:-Q|--queues)[ =]([\w.-]+)", command)
    return given[1] if given else "celery"
