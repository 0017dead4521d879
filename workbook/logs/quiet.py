"""Which line is worth a reader's while: no banners, no ticks, one line an error.

The whole is in the log files, and `VERBOSE=1` prints it.
"""

import re
import time
from collections.abc import Callable

from workbook.logs.errors import Traceback

# [2026-11-24 10:00:46,859: INFO/MainProcess] Task students.tasks.count_students[…] received
RECORD = re.compile(r"\[\d{4}-\d\d-\d\d (\d\d:\d\d:\d\d),\d+: (\w+)/[^\]]+\] (.*)")
DUE = re.compile(r"Scheduler: Sending due task \S+ \((\S+)\)")
TASK = re.compile(r"Task ([\w.]+)\[[\w-]+\] (?:received|succeeded)")
RETRIED = re.compile(r"Task [\w.]+\[[\w-]+\] retry: ")
UNEXPECTED = re.compile(r"(Task [\w.]+\[[\w-]+\]) raised unexpected")
# What the pages ask for by themselves, and answers that nobody waited for.
POLLED = re.compile(
    r'(?:"| )(?:GET|HEAD) /(?:healthz|static/|favicon|api/tasks/|attendance/roll-calls/)'
    r"|WebSocket (?:HANDSHAKING|CONNECT|DISCONNECT)"
)
STARTING = re.compile(
    r"Watching for file changes|Performing system checks|System check identified no issues"
    r"|\w+ \d\d, \d{4} - |Django version|Starting |Quit the server"
    r"|WARNING: This is a development|For more information on production"
)
PLAIN = ("web", "mail")  # their lines have no date in front, and a print() is one of them
SAME_ERROR = 30  # seconds in which several processes stumble over the same file


class Quiet:
    """Decides line by line; `whole(name)` names the file with all lines of a process."""

    def __init__(self, whole: Callable[[str], str], clock=time.monotonic):
        self.whole = whole
        self.clock = clock
        self.tracebacks: dict[str, Traceback] = {}
        self.held: dict[str, str] = {}  # process -> a failure whose traceback follows
        self.retried: set[str] = set()  # processes whose last record says why they retry
        self.ticking: set[str] = set()  # tasks that beat sends
        self.told: dict[str, float] = {}  # error -> when

    def __call__(self, name: str, line: str) -> str | None:
        """Return what to print for a process's line; None for nothing."""
        traceback = self.tracebacks.setdefault(name, Traceback())
        if traceback.takes(line):
            return self._error(name, traceback) if traceback.is_complete else None
        if record := RECORD.match(line):
            return self._record(name, *record.groups())
        if name not in PLAIN or not line.strip():
            return None
        return None if POLLED.search(line) or STARTING.match(line) else line

    def _record(self, name: str, clock: str, level: str, words: str) -> str | None:
        self.held.pop(name, None)
        self.retried.discard(name)
        if due := DUE.match(words):
            self.ticking.add(due[1])
            return None
        task = TASK.match(words)
        if task and task[1] in self.ticking:
            return None
        if failed := UNEXPECTED.match(words):
            self.held[name] = failed[1]
            return None
        if RETRIED.match(words):
            self.retried.add(name)
        return f"{clock} {words}" if level == "INFO" else f"{clock} {level} {words}"

    def _error(self, name: str, traceback: Traceback) -> str | None:
        held = self.held.pop(name, None)
        words = f"{traceback.error}{traceback.place}"
        if name in self.retried or self.clock() < self.told.get(words, -1e9):
            return None
        self.told[words] = self.clock() + (0 if held else SAME_ERROR)
        failed = f"{held} failed: " if held else ""
        return f"{failed}{words}. All of it: {self.whole(name)}"
