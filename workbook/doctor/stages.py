"""The doctor's questions about the stages. Each answer is (word, sentence)."""

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

from celery import Celery

from workbook.exercises.checking.words import advice
from workbook.run.notes import Note
from workbook.stages import FOLDERS, ROOT, with_sockets

# A line of a log that is an error's own words, not a sentence about one.
ERROR = re.compile(
    r"^\s*(?:\[.*?\] )?\S*(?:Error|Exception|NotRegistered|DisabledBackend)\b.*"
    r"|.*(?:received unregistered task|not enough values to unpack|No route found).*",
    re.IGNORECASE,
)
Finding = tuple[str, str]


def asgi_settings(root: Path = ROOT) -> Iterator[Finding]:
    """Does runserver speak WebSocket? It does where daphne is the first app."""
    for number in with_sockets():
        settings = root / FOLDERS[number] / "config" / "settings.py"
        if not settings.exists():
            yield "broken", f"Stage {number} is not there: {FOLDERS[number]}/ is missing."
            continue
        first = re.search(
            r"^INSTALLED_APPS = \[\s*[\"']([\w.]+)", settings.read_text(), re.M
        )
        if first and first[1] == "daphne":
            yield "ok", f"Stage {number} is set up for ASGI: daphne is its first app."
        else:
            yield (
                "broken",
                (
                    f"Stage {number}: put 'daphne' first in INSTALLED_APPS in "
                    "config/settings.py, or runserver answers every WebSocket with 404."
                ),
            )


def running_stages(runs: list[Note]) -> Iterator[Finding]:
    """Does the web of each running stage answer, with what server, and which workers?"""
    if not runs:
        yield "note", "No stage runs now: make stage-1 starts the first."
    for note in runs:
        yield web(note)
        yield workers(note)


def web(note: Note) -> Finding:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"{note.url}/healthz", timeout=6) as answer:
            server = answer.headers.get("Server", "").lower()
    except urllib.error.HTTPError as error:
        states = error.read(500).decode(errors="replace")
        return "broken", f"{note.name}: the web answers {error.code} at /healthz: {states}"
    except OSError as error:
        return "broken", (
            f"{note.name}: the web does not answer at {note.url}/ ({error}): "
            f"read var/{note.name}/logs/web.log."
        )
    kind = "ASGI (daphne)" if "daphne" in server else "WSGI"
    if note.number in with_sockets() and kind == "WSGI":
        return (
            "broken",
            f"{note.name}: it is WSGI that runs: put 'daphne' first in INSTALLED_APPS.",
        )
    return "ok", f"{note.name}: {kind} answers at {note.url}/ with its database and broker."


def workers(note: Note) -> Finding:
    broker = note.env.get("CELERY_BROKER_URL") or note.env["REDIS_URL"]
    try:
        with Celery(broker=broker, set_as_current=False) as app:
            app.conf.broker_connection_timeout = 3  # seconds
            answers = app.control.inspect(timeout=2).active_queues() or {}
    except Exception as error:  # whatever this broker makes of being down
        return "broken", f"{note.name}: its broker does not answer: {error}"
    if not answers:
        return "broken", (
            f"{note.name}: no worker is alive, so tasks wait: read "
            f"var/{note.name}/logs/worker.log, then end the stage and start it again."
        )
    told = [
        f"{node.partition('@')[0]} (queue {', '.join(queue['name'] for queue in queues)})"
        for node, queues in sorted(answers.items())
    ]
    return "ok", f"{note.name}: workers alive: {'; '.join(told)}."


def old_errors(root: Path = ROOT) -> Iterator[Finding]:
    """Well-known errors in the logs of the last runs, and what they mean."""
    for log in sorted((root / "var").glob("*-*/logs/*.log")):
        told = set()
        for line in log.read_text(errors="replace").splitlines():
            meaning = advice(line) if ERROR.match(line) else ""
            if meaning and meaning not in told:
                told.add(meaning)
                words = line.strip()[:100]
                yield "note", f"{log.relative_to(root)} says {words!r}. {meaning}"
