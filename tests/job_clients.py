"""Clients of stage 4 for the tests: log in, start jobs, watch them, kill workers."""

import asyncio
import csv
import io
import json
import os
import signal
import socket
from contextlib import suppress
from dataclasses import dataclass, field

import httpx
from celery import Celery
from websockets.exceptions import ConnectionClosed

from workbook.visitor import Visitor, patient_connect

PASSWORD = "classroom"


def log_in(run, name: str) -> httpx.Client:
    """Return the HTTP client of a visitor who is logged in; it sends the CSRF header."""
    http = Visitor(run.url).login(name, PASSWORD).http
    http.timeout = 60  # seconds
    http.headers["X-CSRFToken"] = http.cookies["csrftoken"]
    return http


def start_job(client, rows: int, pause_ms: int = 0) -> dict:
    """Start a job; return the answer."""
    answer = client.post("/jobs/", json={"rows": rows, "pause_ms": pause_ms})
    assert answer.status_code == 202, answer.text
    return answer.json()


def is_whole(text: str, rows: int) -> bool:
    """Return whether this is the header and the rows 1 to `rows`, once each, in order."""
    header, *lines = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
    numbers = [line[0] for line in lines]
    return header == ["row", "name", "age"] and numbers == [str(n + 1) for n in range(rows)]


def open_socket(run, path: str, client=None):
    """Return an open socket, to be used in `with`."""
    return Visitor(run.url, client).line(path)


def next_snapshot(line, timeout: float = 60) -> dict:
    """Return the next frame that is a snapshot."""
    while True:
        frame = json.loads(line.recv(timeout))
        if "seq" in frame:
            return frame


def watch_to_the_end(run, path: str, client, timeout: float = 60) -> "Watched":
    """Watch over a socket until the server closes it."""
    seen = Watched()
    with open_socket(run, path, client) as line:
        try:
            while True:
                seen.add(json.loads(line.recv(timeout)))
        except ConnectionClosed:
            seen.close_code = line.close_code
    return seen


CUT = 1006  # the close code of a line that broke without a farewell


@dataclass
class Watched:
    """What one watcher has received; after a cut, over its last connection."""

    snapshots: list = field(default_factory=list)
    lines: list = field(default_factory=list)
    errors: list = field(default_factory=list)  # such as "Redis does not answer."
    close_code: int | None = None
    before: "Watched | None" = None  # the connection that was cut before this one

    def add(self, frame: dict):
        kinds = {"seq": self.snapshots, "log": self.lines}
        kind = next((kinds[key] for key in kinds if key in frame), self.errors)
        kind.append(frame)

    @property
    def saw_the_end(self) -> bool:
        return bool(self.snapshots) and self.snapshots[-1]["final"]

    @property
    def cuts(self) -> int:
        return (self.close_code == CUT) + (self.before.cuts if self.before else 0)

    def faults(self) -> list[str]:
        """Return what is wrong with it, in words; nothing for a sound socket."""
        finals = [frame for frame in self.snapshots if frame["final"]]
        wrong = {
            f"{len(finals)} final frames": len(finals) != 1,
            "the final frame is not the last": not self.saw_the_end,
            f"closed with {self.close_code}": self.close_code not in (1000, CUT),
        }
        return (
            self.disorder()
            + self.errors
            + [words for words, is_so in wrong.items() if is_so]
        )

    def disorder(self) -> list[str]:
        seqs = [frame["seq"] for frame in self.snapshots]
        numbers = [frame["n"] for frame in self.lines]
        wrong = {
            f"seq does not grow: {seqs}": seqs != sorted(set(seqs)),
            f"log lines are missing: {numbers}": numbers
            != list(range(1, len(numbers) + 1)),
        }
        before = self.before.disorder() if self.before else []
        return before + [words for words, is_so in wrong.items() if is_so]


TRIES = 30  # the web may be away for a minute, restarting on a busy machine


async def watch(
    run, path: str, client, door, until: asyncio.Event | None = None, back=(CUT,)
):
    """Watch until the server closes the socket, or until `until`; return what was seen.

    `door` is a semaphore: so many connect at once. A line that is cut before the end
    is opened again, as the page does: daphne gives a handshake 5 s and a farewell 1 s,
    and on a busy machine that may be too little. `back`: the close codes of such an end.
    """
    seen = await watch_once(run, path, client, door, until)
    while seen.close_code in back and not seen.saw_the_end:
        again = await watch_once(run, path, client, door, until)
        again.before, seen = seen, again
    return seen


async def watch_once(run, path: str, client, door, until) -> Watched:
    seen = Watched()
    async with door:
        address, handshake = Visitor(run.url, client).handshake(path)
        line = await patient_connect(address, TRIES, max_queue=None, **handshake)
    given_up = asyncio.create_task(end_of(line, until)) if until else None
    with suppress(ConnectionClosed):  # an end that is not normal: see close_code
        async for frame in line:
            seen.add(json.loads(frame))
    seen.close_code = line.close_code
    if given_up:
        given_up.cancel()
    return seen


async def end_of(line, until: asyncio.Event):
    await until.wait()
    await line.close()


def worker_pids(run, name: str = "jobs") -> tuple[int, list[int]]:
    """Return the pid of the worker's main process, and those of its children."""
    node = f"{name}@{socket.gethostname()}"
    app = Celery(broker=run.redis_url, set_as_current=False)
    # A connection of its own: those of the pool may be from before Redis restarted.
    with app, app.connection_for_write() as line:
        ask = app.control.inspect([node], timeout=10, connection=line, limit=1)
        found = ask.stats()[node]
    return found["pid"], found["pool"]["processes"]


def kill(pid: int):
    os.kill(pid, signal.SIGKILL)


def kill_group(pid: int):
    os.killpg(pid, signal.SIGKILL)
