"""Many watchers of few jobs: what an idle one costs, and how late the frames come.

So many sockets on JOBS jobs of one process: memory a socket, processor time and database
queries while nothing happens, and the time from a report to the frame while every job
reports once a second. Beside ours, in its production server: the tutorials' consumer on
the core layer, a bare broadcast without Django, and pages that poll.

A watcher that is late may skip states, but never the last one, and hears none twice.
"""

import asyncio
import json
import statistics
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.parts.sockets import allow_many, open_clients, until_quiet
from benchmarks.parts.watched import JOBS, ROUNDS, BareBroadcast, Watchers, polling

SIZES = (1_000, 10_000)
IDLE = 10  # seconds
TIMED = 10  # one watcher of so many is read at once, and says how late its frames are
OURS, TUTORIAL, BARE = "ours", "tutorial, core layer", "bare broadcast"


def work_of(bench) -> float:
    """Return the seconds of processor time that the server has used."""
    return sum(bench.server.cpu_times()[:2])


async def measure(bench, number: int) -> dict:
    """Return the figures of so many sockets."""
    before = bench.server.memory_info().rss
    clients = []
    for path in bench.paths:
        clients += await open_clients(bench.port, path, number // JOBS, bench.cookie)
    await until_quiet(clients)
    found = {"KB a socket": (bench.server.memory_info().rss - before) / number / 1e3}
    worked, asked = work_of(bench), await bench.queries()
    await asyncio.sleep(IDLE)
    found["% of a core, idle"] = (work_of(bench) - worked) / IDLE * 100
    found["queries a second, idle"] = (await bench.queries() - asked) / IDLE
    found |= await while_all_report(bench, clients)
    for client in clients:
        client.close()
    await asyncio.sleep(3)
    return found


async def while_all_report(bench, clients) -> dict:
    """Let every job report once a second; return how late its frames came."""
    took, twice = [], 0
    timed = set(clients[::TIMED])

    def heard(client, seconds):
        nonlocal twice
        client.heard += 1
        made = time.monotonic() - seconds  # when that report was
        twice += made <= client.newest + 1e-6
        client.newest = max(made, client.newest)
        if client in timed:
            took.append(seconds * 1000)

    for client in clients:
        client.newest, client.heard, client.on_message = 0, 0, heard
        if client not in timed:  # what it is sent waits in the kernel, and costs us nothing
            client.transport.pause_reading()
    worked, began = work_of(bench), time.monotonic()
    done = await bench.report()
    await until_quiet(timed)
    worked, seconds = work_of(bench) - worked, time.monotonic() - began
    for client in clients:
        client.transport.resume_reading()
    await until_quiet(clients)
    frames = sum(client.heard for client in clients)
    steps = statistics.quantiles(took, n=100)
    return {
        "% of a core, reporting": worked / seconds * 100,
        "CPU µs a frame": worked / frames * 1e6,
        "p50 ms": steps[49],
        "p99 ms": steps[98],
        "states skipped, %": 100 - 100 * frames / (ROUNDS * len(clients)),
        "frames twice": twice,
        "without the last state": sum(
            client.newest < done["last_round"] - 0.001 for client in clients
        ),
    }


def measure_all(sizes) -> dict:
    """Return {number: {way: figures}}, and how many pages can poll."""
    allow_many(max(sizes))
    figures = {}
    with ExitStack() as stack:
        ours = Watchers(stack, "redis", "jobs")
        benches = {
            OURS: ours,
            TUTORIAL: Watchers(stack, "core", "naive"),
            BARE: BareBroadcast(stack),
        }
        for number in sizes:
            figures[number] = {}
            for name, bench in benches.items():
                figures[number][name] = asyncio.run(measure(bench, number))
            print(table(number, figures[number]) + "\n", flush=True)
        return figures | {"polling": polling(ours)}


def table(number: int, ways: dict) -> str:
    lines = [f"{number:>6,} watchers of {JOBS} jobs" + "".join(f"{w:>22}" for w in ways)]
    for name in ways[OURS]:
        row = "".join(f"{figures[name]:>22,.1f}" for figures in ways.values())
        lines.append(f"  {name:<24}{row}")
    return "\n".join(lines)


def run(folder: Path, sizes=SIZES) -> dict[str, bool]:
    figures = measure_all(sizes)
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    all_sizes = [figures[number][OURS] for number in sizes]
    memory, idle, asked = (
        [one[name] for one in all_sizes]
        for name in ("KB a socket", "% of a core, idle", "queries a second, idle")
    )
    polls = figures["polling"]
    return {
        f"an idle watcher costs less than 60 KB: {memory[-1]:.0f}": memory[-1] < 60,
        f"all idle, they take less than 10 % of a core: {idle[-1]:.1f}": idle[-1] < 10,
        "queries do not grow with sockets": asked[-1] <= asked[0] + 1,
        "every watcher has the last state of its job": not any(
            one["without the last state"] for one in all_sizes
        ),
        "none has heard one twice": not any(one["frames twice"] for one in all_sizes),
        f"pages that poll fill a core sooner: {polls:,.0f} of them": polls < max(sizes),
    }
