"""The server of the sockets in production: what bodies, slow readers and an end cost it.

The same stage under each ASGI server, in one run: its memory while ten visitors
download slowly, while a body of 300 MB comes in and is refused, while idle sockets
are open; whether downloads that run are finished after SIGTERM; and how many files
10,000 requests leave open.
"""

import asyncio
import json
import sqlite3
import tempfile
import threading
import time
from contextlib import closing
from pathlib import Path

import httpx
import psutil

from benchmarks.chat_fanout import listener
from benchmarks.parts.sockets import open_clients
from workbook.run import procfile
from workbook.run.stage_run import StageRun
from workbook.stages import stage

STUDENTS = 300_000
READERS = 10
BODY = 300  # MB
SOCKETS = 1_000
REQUESTS = 10_000
SECONDS = 10  # of slow reading
CSV = "/reports/students/?format=csv"
SERVERS = {
    "daphne": "daphne --bind 127.0.0.1 --port $PORT config.asgi:application",
    "ours": procfile.read(stage(4).folder / "Procfile")["web"],
}


class Peak:
    """The highest memory of a process while the block runs, in MB above its beginning."""

    def __init__(self, process: psutil.Process):
        self.process = process
        self.before = self.most = self._now()
        self.over = threading.Event()

    def _now(self) -> float:
        return self.process.memory_info().rss / 1e6

    def _watch(self):
        while not self.over.wait(0.01):
            self.most = max(self.most, self._now())

    def __enter__(self):
        self.thread = threading.Thread(target=self._watch)
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.over.set()
        self.thread.join()

    @property
    def more(self) -> float:
        return self.most - self.before


async def open_download(port: int):
    """Ask for the CSV; return the connection with nothing of the answer read."""
    # A small buffer on our side: what is not read must wait in the server.
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4096)
    request = f"GET {CSV} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    writer.write(request.encode())
    await writer.drain()
    await reader.readuntil(b"\r\n\r\n")
    return reader, writer


async def slow_downloads(port: int, seconds: float):
    """Hold READERS downloads open for `seconds`, each reading a few KB a second."""
    downloads = [await open_download(port) for _ in range(READERS)]
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for reader, _ in downloads:
            await reader.read(1024)
        await asyncio.sleep(0.2)
    for _, writer in downloads:
        writer.transport.abort()


async def whole_after_sigterm(port: int, server: psutil.Process, students=STUDENTS) -> int:
    """Return how many of READERS running downloads still came whole."""
    downloads = [await open_download(port) for _ in range(READERS)]
    server.terminate()

    async def rest(reader) -> int:
        lines = 0
        try:
            while piece := await reader.read(65536):
                lines += piece.count(b"\r\n")
        except ConnectionError:
            pass
        return lines

    async with asyncio.timeout(120):
        found = await asyncio.gather(*(rest(reader) for reader, _ in downloads))
    # The chunks' own lines count too: whole is what has at least a line for each student.
    return sum(lines > students for lines in found)


def refuse_a_large_body(url: str, megabytes=BODY) -> str:
    """Send so many megabytes; return the status, or how the connection ended."""
    pieces = (b"x" * 1_000_000 for _ in range(megabytes))
    headers = {"Content-Length": str(megabytes * 1_000_000)}
    try:
        with httpx.Client(trust_env=False, timeout=60) as client:
            answer = client.post(f"{url}/feedback/", content=pieces, headers=headers)
        return str(answer.status_code)
    except httpx.TransportError as error:
        return type(error).__name__


def many_requests(url: str, number: int):
    """Ask for a page that reads the database, over a few connections."""
    each = number // 8

    def visitor():
        with httpx.Client(base_url=url, trust_env=False, timeout=60) as client:
            for _ in range(each):
                client.get("/reports/students/?format=json&page=1")

    threads = [threading.Thread(target=visitor) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


async def idle_sockets(port: int, server: psutil.Process) -> float:
    """Return the KB that each of SOCKETS idle sockets costs."""
    before = server.memory_info().rss
    clients = await open_clients(port, "/ws/follow/", SOCKETS)
    await asyncio.sleep(2)
    cost = (server.memory_info().rss - before) / SOCKETS / 1e3
    for client in clients:
        client.close()
    return cost


def fill(run: StageRun, students=STUDENTS):
    """Add so many students to the school of a run on SQLite."""
    rows = ((f"Student {number}", 11 + number % 8) for number in range(students))
    with closing(sqlite3.connect(run.state / "db.sqlite3")) as database, database:
        database.executemany("INSERT INTO students_student (name, age) VALUES (?, ?)", rows)


def most_files(run: StageRun, server: psutil.Process, requests=REQUESTS) -> int:
    """Return how many files the server holds open at most while it answers."""
    visitors = threading.Thread(target=many_requests, args=(run.url, requests))
    visitors.start()
    most = 0
    while visitors.is_alive():
        most = max(most, server.num_fds())
        visitors.join(0.02)
    return most


def measure(command: str) -> dict:
    """Return the figures of one server."""
    with tempfile.TemporaryDirectory() as state:
        run = StageRun(stage(4), Path(state), only=("web",))
        run.commands["web"] = command
        with run:
            server = listener(run.port)
            found = {"files": most_files(run, server)}
            found["socket"] = asyncio.run(idle_sockets(run.port, server))
            fill(run)
            with httpx.Client(trust_env=False, timeout=120) as client:
                client.get(run.url + CSV)
            with Peak(server) as peak:
                asyncio.run(slow_downloads(run.port, SECONDS))
            found["slow"] = peak.more
            with Peak(server) as peak:
                found["answer"] = refuse_a_large_body(run.url)
            found["body"] = peak.more
            found["whole"] = asyncio.run(whole_after_sigterm(run.port, server))
    return found


def table(figures: dict[str, dict]) -> str:
    lines = [
        f"{'':10}{READERS} slow readers   {BODY} MB refused   an idle socket   "
        f"whole after SIGTERM   files in {REQUESTS:,} requests"
    ]
    for name, one in figures.items():
        lines.append(
            f"{name:<10}{one['slow']:>+12.1f} MB{one['body']:>+12.1f} MB"
            f"{one['socket']:>14.0f} KB{one['whole']:>15} of {READERS}"
            f"{one['files']:>16}"
        )
    return "\n".join(lines)


def run(folder: Path) -> dict[str, bool]:
    figures = {name: measure(command) for name, command in SERVERS.items()}
    print(table(figures) + "\n")
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    ours = figures["ours"]
    return {
        f"{READERS} slow readers take less than 10 MB: {ours['slow']:+.1f}": ours["slow"]
        < 10,
        f"{BODY} MB are refused with less than 20 MB: {ours['body']:+.1f}": ours["body"]
        < 20
        and ours["answer"] == "413",
        "every running download is finished after SIGTERM": ours["whole"] == READERS,
        f"an idle socket costs less than 60 KB: {ours['socket']:.0f}": ours["socket"] < 60,
        f"{REQUESTS:,} requests never hold 100 files: {ours['files']}": ours["files"] < 100,
    }
