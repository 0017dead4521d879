"""Does it answer? Waiting until it does, or saying why it never will."""

import time
import urllib.request
from pathlib import Path

from celery import Celery

from workbook.refusal import Refusal
from workbook.run.processes import Process
from workbook.stages import ROOT

READY_TIMEOUT = 120  # seconds; a cold laptop needs about 10


def http_ok(url: str) -> bool:
    """Whether `url` answers 200 now."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(url, timeout=3) as response:
            return response.status == 200
    except OSError:
        return False


def workers_alive(broker: str, expected: int | None, timeout: float) -> set[str]:
    """Return the names, before the @, of the workers that answer a ping in time.

    When `expected` workers have answered, it waits for no more.
    """
    with Celery(broker=broker, set_as_current=False) as app:
        try:
            replies = app.control.ping(timeout=timeout, limit=expected)
        except Exception:  # whatever a broker that is not there yet makes of it
            return set()
    return {node.partition("@")[0] for reply in replies for node in reply}


def wait_until(condition, processes, logs: Path, timeout: float = READY_TIMEOUT):
    """Return when `condition()` is true; Refusal when one of `processes` ends first."""
    deadline = time.monotonic() + timeout
    while not condition():
        for process in processes:
            if not process.running:
                raise Refusal(last_words(process))
        if time.monotonic() > deadline:
            raise Refusal(f"Not ready after {timeout:.0f} s; the logs: {short(logs)}")
        time.sleep(0.05)


def last_words(process: Process) -> str:
    """Say that a process has ended, and the last line that it wrote."""
    process.wait(1)
    lines = [line for line in process.read_log().splitlines() if line.strip()]
    words = lines[-1].strip() if lines else "it said nothing"
    ended = f"{process.name} ended with status {process.status}"
    return f"{ended}: {words} (log: {short(process.log)})"


def short(path: Path) -> str:
    """`path` as seen from the workbook's folder."""
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)
