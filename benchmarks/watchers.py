"""Many watchers of few jobs: what an idle one costs, and how late the frames come.

So many sockets on JOBS jobs of one web process, the production one: memory a socket,
processor time and database queries while nothing happens, and the time from a report to
each frame while all jobs report. A watcher that is late skips states, never the last one.
"""

import asyncio
import json
import os
import statistics
import time
from contextlib import ExitStack
from pathlib import Path

import httpx

from benchmarks.chat_fanout import listener
from benchmarks.job_progress import Bench
from benchmarks.sockets import open_clients, until_quiet
from workbook.run import procfile
from workbook.stages import ROOT, stage

JOBS = 100
SIZES = tuple(map(int, os.environ.get("WATCHERS", "1000,10000").split(",")))
IDLE = 10  # seconds
ROUNDS = 10  # reports of each job, one a second


class Watchers(Bench):
    """The stage's production web, counting its queries; no worker runs."""

    settings = {"JOB_LEASE": "3600", "JOB_LIVE_LIMIT": "1000", "JOB_QUEUE_LEASE": "3600"}
    settings["PYTHONPATH"] = str(ROOT)

    def web(self, commands) -> str:
        line = procfile.read(stage(4).folder / "Procfile")["web"]
        return line.replace("config.asgi", "benchmarks.counted")

    def queries(self) -> int:
        return int(httpx.get(f"{self.run.url}/queries", trust_env=False, timeout=60).text)


async def watch(bench: Watchers, number: int) -> dict:
    server = listener(bench.run.port)
    jobs = [bench.queued_job() for _ in range(JOBS)]
    before = server.memory_info().rss
    started = time.monotonic()
    clients = []
    for job in jobs:
        clients += await open_clients(
            bench.run.port, job["socket_url"], number // JOBS, bench.cookie
        )
    opened = time.monotonic() - started
    await asyncio.sleep(5)
    found = {"KB a socket": (server.memory_info().rss - before) / number / 1e3}
    found["opened a second"] = number / opened
    cpu, asked = sum(server.cpu_times()[:2]), await asyncio.to_thread(bench.queries)
    await asyncio.sleep(IDLE)
    found["% of a core, idle"] = (sum(server.cpu_times()[:2]) - cpu) / IDLE * 100
    asked = await asyncio.to_thread(bench.queries) - asked
    found["queries a second, idle"] = asked / IDLE
    found |= await report(bench, server, jobs, clients)
    for client in clients:
        client.close()
    for job in jobs:
        bench.visitor.post(f"{job['status_url']}cancel/")
    await asyncio.sleep(3)
    return found


async def report(bench: Watchers, server, jobs, clients) -> dict:
    """Let every job report once a second; return how late its frames came."""
    took = []

    def heard(client, seconds):
        took.append(seconds * 1000)
        client.newest = time.monotonic() - seconds  # when that report was made

    for client in clients:
        client.newest, client.on_message = 0, heard
    cpu, began = sum(server.cpu_times()[:2]), time.monotonic()
    ids = [job["id"] for job in jobs]
    done = await asyncio.to_thread(bench.worker, "many", str(ROUNDS), *ids)
    seconds = time.monotonic() - began
    used = sum(server.cpu_times()[:2]) - cpu
    await until_quiet(clients)
    steps = statistics.quantiles(took, n=100)
    return {
        "reports a second": done["reports"] / seconds,
        "% of a core, reporting": used / seconds * 100,
        "p50 ms": steps[49],
        "p99 ms": steps[98],
        "states skipped, %": 100 - 100 * len(took) / (ROUNDS * len(clients)),
        "without the last state": sum(
            client.newest < done["last_round"] - 0.001 for client in clients
        ),
    }


def run(folder: Path) -> dict[str, bool]:
    with ExitStack() as stack:
        bench = Watchers(stack)
        figures = {number: asyncio.run(watch(bench, number)) for number in SIZES}
    for name in figures[SIZES[0]]:
        row = "".join(f"{figures[number][name]:>12,.1f}" for number in SIZES)
        print(f"{name:<26}{row}")
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    most = figures[SIZES[-1]]
    few = figures[SIZES[0]]
    return {
        "an idle watcher costs less than 60 KB": most["KB a socket"] < 60,
        "all of them, idle, less than 10 % of a core": most["% of a core, idle"] < 10,
        "queries do not grow with sockets": most["queries a second, idle"]
        <= few["queries a second, idle"] + 1,
        "every watcher has the last state of its job": not any(
            one["without the last state"] for one in figures.values()
        ),
    }
