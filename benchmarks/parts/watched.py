"""What watchers.py measures: our server, the tutorials' consumer, a bare broadcast."""

import asyncio
import time
from contextlib import ExitStack

import httpx

from benchmarks.chat_fanout import listener, start_bare_server
from benchmarks.job_progress import POLL_EVERY, Bench
from benchmarks.parts.sockets import open_client
from workbook.run import procfile
from workbook.stages import ROOT, stage

JOBS = 100
ROUNDS = 10  # reports of each job, one a second
POLLS = 500


class Watchers(Bench):
    """The stage's production web, counting its queries; no worker runs."""

    def __init__(self, stack: ExitStack, layer: str, path: str):
        self.settings = {
            "JOB_LEASE": "3600",
            "JOB_QUEUE_LEASE": "3600",
            "JOB_LIVE_LIMIT": "1000",
            "CHANNEL_LAYER": layer,
            "PYTHONPATH": str(ROOT),
        }
        super().__init__(stack)
        self.server = listener(self.run.port)
        self.jobs = [self.queued_job() for _ in range(JOBS)]
        self.paths = [f"/ws/{path}/{job['id']}/" for job in self.jobs]
        self.port = self.run.port

    def web(self, commands) -> str:
        line = procfile.read(stage(4).folder / "Procfile")["web"]
        return line.replace("config.asgi", "benchmarks.parts.counted")

    async def queries(self) -> int:
        async with httpx.AsyncClient(trust_env=False, timeout=60) as client:
            return int((await client.get(f"{self.run.url}/queries")).text)

    async def report(self) -> dict:
        ids = [job["id"] for job in self.jobs]
        return await asyncio.to_thread(self.worker, "many", str(ROUNDS), *ids)


class BareBroadcast:
    """One process without Django; each job is an address, and one client there reports."""

    cookie = ""

    def __init__(self, stack: ExitStack):
        self.port = start_bare_server(stack)
        self.server = listener(self.port)
        self.paths = [f"/job-{number}" for number in range(JOBS)]

    async def queries(self) -> int:
        return 0

    async def report(self) -> dict:
        """As job_worker.many(): each job once a second, in turn."""
        reporters = [await open_client(self.port, path) for path in self.paths]
        due = time.monotonic()
        for _ in range(ROUNDS):
            last_round = time.monotonic()
            for reporter in reporters:
                due += 1 / JOBS
                await asyncio.sleep(max(due - time.monotonic(), 0))
                reporter.say_the_time()
        for reporter in reporters:
            reporter.close()
        return {"last_round": last_round}


def polling(bench: Watchers) -> float:
    """Return how many pages that poll as celery-progress's do fill one core."""
    page = f"http://127.0.0.1:{bench.polled_port}/celery-progress/{bench.jobs[0]['id']}/"
    server = listener(bench.polled_port)
    with httpx.Client(trust_env=False) as client:
        client.get(page)
        before = sum(server.cpu_times()[:2])
        for _ in range(POLLS):
            client.get(page).raise_for_status()
    return POLLS / (sum(server.cpu_times()[:2]) - before) * POLL_EVERY
