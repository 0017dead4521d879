"""What reporting progress costs a job, and how late the browser hears of it.

Ours (row, channel layer, socket) against none, and against celery-progress: its
recorder in the task, its polling, every 500 ms as its script does, in the browser.
"""

import asyncio
import json
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.chat_fanout import listener
from benchmarks.parts.sockets import open_clients, until_quiet
from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process
from workbook.run.stage_run import StageRun
from workbook.stages import ROOT, stage
from workbook.visitor import Visitor

STEPS = 50_000
PAIRS = 11  # of runs with and without reports; single ones said 1.6 and 9.1 %
PART = 10  # celery-progress's recorder is so slow that a part of the steps will do
WATCHERS = (1, 200)
SECONDS, A_SECOND = 8, 10  # of reports, and how many of them a second
POLL_EVERY = 0.5  # seconds; celery-progress's default
NONE, OURS, OTHER = "none", "ours", "celery-progress"
STAMP = re.compile(rb'"description": ?"(\d+)"')


class Bench:
    """The running stage, as job_progress needs it."""

    # No rescue in between: the benchmark plays the worker, at a pace of its own.
    settings = {"JOB_LEASE": "600", "JOB_QUEUE_LEASE": "600"}

    def web(self, commands: dict[str, str]) -> str:
        """Return the command of the web process."""
        return commands["web"]

    def __init__(self, stack: ExitStack):
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        self.run = StageRun(stage(4), state, env=self.settings)
        self.run.commands = {"web": self.web(self.run.commands)}
        stack.enter_context(self.run)
        self.visitor = Visitor(self.run.url).login("ana", "classroom")
        self.env = self.run.environment | {
            "PYTHONPATH": f"{self.run.stage.folder}:{ROOT}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }
        self.polled_port = free_port()
        command = [sys.executable, "-m", "daphne", "-b", HOST, "-p", str(self.polled_port)]
        command.append("benchmarks.parts.polled:application")
        log = state / "logs" / "polled.log"
        process = Process("polled", command, self.run.stage.folder, self.env, log).start()
        stack.callback(process.stop)
        listener(self.polled_port)

    @property
    def cookie(self) -> str:
        return "; ".join(f"{k}={v}" for k, v in self.visitor.http.cookies.items())

    def command(self, *words) -> list[str]:
        return [sys.executable, "-m", "benchmarks.parts.job_worker", *map(str, words)]

    def worker(self, *words) -> dict:
        """Run benchmarks.parts.job_worker to its end; return what it printed."""
        done = subprocess.run(
            self.command(*words),
            cwd=self.run.stage.folder,
            env=self.env,
            stdout=subprocess.PIPE,
            check=True,
        )
        return json.loads(done.stdout)

    def queued_job(self) -> dict:
        """Return a new job; no worker runs, so it stays queued."""
        return self.visitor.post("/jobs/", {"rows": SECONDS * A_SECOND}).json()


def measure_slowdown(bench: Bench) -> dict:
    """Return {way: seconds, writes, and how much slower than without, in percent}.

    Of ours it is the median of the pairs: what else the machine does mostly falls on both.
    """
    pairs = bench.worker("pairs", PAIRS, STEPS, "ana")
    figures = {way: middle(runs) for way, runs in pairs.items()}
    other = bench.worker("steps", OTHER, STEPS // PART, "ana")
    figures[OTHER] = {name: value * PART for name, value in other.items()}
    slower, dearer = (
        sorted(
            (with_it[figure] / without[figure] - 1) * 100
            for without, with_it in zip(pairs[NONE], pairs[OURS], strict=True)
        )
        for figure in ("seconds", "cpu")
    )
    figures[NONE]["slower"] = 0
    figures[OURS]["slower"] = statistics.median(slower)
    figures[OTHER]["slower"] = (
        figures[OTHER]["seconds"] / figures[NONE]["seconds"] - 1
    ) * 100
    for row in figures.values():
        row["writes_a_second"] = row["writes"] / row["seconds"]
    return figures | {"pairs": slower, "dearer": dearer}


def middle(runs: list[dict]) -> dict:
    """Return the median of each figure of the runs."""
    return {name: statistics.median(run[name] for run in runs) for name in runs[0]}


async def in_background(bench: Bench, *words):
    """Run the worker beside what is measured."""
    return await asyncio.to_thread(bench.worker, *words)


async def latency_ours(bench: Bench, watchers: int) -> list[float]:
    """Return the milliseconds from each report to each watcher's frame."""
    job = bench.queued_job()
    port = bench.run.port
    clients = await open_clients(port, job["socket_url"], watchers, bench.cookie)
    await until_quiet(clients)
    took = []
    for client in clients:
        client.on_message = lambda client, seconds: took.append(seconds * 1000)
    await in_background(bench, "pace", OURS, job["id"], SECONDS, A_SECOND)
    await until_quiet(clients)
    for client in clients:
        client.close()
    bench.visitor.post(f"{job['status_url']}cancel/")
    return took


async def latency_polled(bench: Bench, watchers: int) -> list[float]:
    """The same for pages that poll: until a page shows this report or a later one."""
    id = f"00000000-0000-4000-8000-{random.randrange(10**12):012}"
    pages = [asyncio.create_task(page(bench.polled_port, id)) for _ in range(watchers)]
    await in_background(bench, "pace", OTHER, id, SECONDS, A_SECOND)
    await asyncio.sleep(2 * POLL_EVERY)
    for one in pages:
        one.cancel()
    shown = await asyncio.gather(*pages)
    return [late for seen in shown for late in lateness(seen)]


async def page(port: int, id: str) -> list[tuple[int, int]]:
    """Poll as celery-progress's script does; return (now, time of the report), in ns."""
    seen = []
    request = f"GET /celery-progress/{id}/ HTTP/1.1\r\nHost: {HOST}:{port}\r\n\r\n".encode()
    try:
        await asyncio.sleep(random.uniform(0, POLL_EVERY))
        reader, writer = await asyncio.open_connection(HOST, port)
        while True:
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])
            stamp = STAMP.search(await reader.readexactly(length))
            if stamp:
                seen.append((time.monotonic_ns(), int(stamp[1])))
            await asyncio.sleep(POLL_EVERY)
    except asyncio.CancelledError:
        writer.close()
    return seen


def lateness(seen: list[tuple[int, int]]) -> list[float]:
    """Return, for every report made between the polls, how long it was not shown, in ms."""
    step = 1e9 / A_SECOND
    late, before = [], seen[0][1] if seen else 0
    for now, report in seen:
        while before < report:
            before = min(before + step, report)
            late.append((now - before) / 1e6)
    return late


def measure_latency(bench: Bench) -> dict:
    figures = {}
    for watchers in WATCHERS:
        for way, ask in ((OURS, latency_ours), (OTHER, latency_polled)):
            took = asyncio.run(ask(bench, watchers))
            steps = statistics.quantiles(took, n=100)
            figures[f"{way}, {watchers}"] = {"p50": steps[49], "p99": steps[98]}
    return figures


def show(slowdown: dict, latency: dict):
    print(f"{STEPS:,} steps      seconds   slower by   database writes/s")
    for way in (NONE, OURS, OTHER):
        row = slowdown[way]
        print(
            f"  {way:<16}{row['seconds']:>9.2f}{row['slower']:>10.1f} %"
            f"{row['writes_a_second']:>17.1f}"
        )
    quarter, _, three = statistics.quantiles(slowdown["pairs"], n=4)
    print(f"  {PAIRS} pairs: half of them between {quarter:.1f} and {three:.1f} %")
    dearer = statistics.median(slowdown["dearer"])
    print(f"  processor time alone, which a busy machine disturbs less: {dearer:.1f} %")
    print(f"\nreport to browser, {A_SECOND} reports/s    p50 ms    p99 ms")
    for name, row in latency.items():
        watched = f"{name} watching"
        print(f"  {watched:<32}{row['p50']:>8.1f}{row['p99']:>10.1f}")
    print()


def draw(latency: dict, path: Path):
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    canvas, axes = pyplot.subplots(figsize=(8, 3.5))
    names = list(latency)
    for shift, key in ((-0.2, "p50"), (0.2, "p99")):
        values = [latency[name][key] for name in names]
        axes.barh([i + shift for i in range(len(names))], values, 0.4, label=key)
    axes.set(xscale="log", xlabel="ms from report to browser", yticks=range(len(names)))
    axes.set_yticklabels([f"{name} watching" for name in names])
    axes.legend()
    canvas.tight_layout()
    canvas.savefig(path)
    pyplot.close(canvas)


def run(folder: Path) -> dict[str, bool]:
    with ExitStack() as stack:
        bench = Bench(stack)
        slowdown, latency = measure_slowdown(bench), measure_latency(bench)
    show(slowdown, latency)
    figures = {"slowdown": slowdown, "latency": latency}
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    draw(latency, folder / "plot.png")
    ours, other = slowdown[OURS]["slower"], slowdown[OTHER]["slower"]
    one, many = (latency[f"{OURS}, {number}"]["p50"] for number in WATCHERS)
    return {
        f"our reports slow the job by less than 3 %, median: {ours:.1f}": ours < 3,
        f"celery-progress's recorder costs more: {other:.0f} %": other > ours,
        f"a report reaches one browser within 5 ms, p50: {one:.1f} ms": one < 5,
        f"and {WATCHERS[1]} of them within 20 ms, p50: {many:.1f} ms": many < 20,
        "polling is later, with 1 watcher and with 200": all(
            latency[f"{OURS}, {n}"]["p50"] < latency[f"{OTHER}, {n}"]["p50"]
            for n in WATCHERS
        ),
    }
