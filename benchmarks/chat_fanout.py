"""One room, many clients: how many messages arrive a second, and how late.

Our chat against the plain consumer of the tutorials (step 3, on both layers of
Redis) and against a bare broadcast in one process as the limit. For each: as
fast as it goes (one client keeps WINDOW messages on their way), then PACE
messages a second. The server's processor time for one arrival is measured too:
it does not depend on what else the machine is doing.
"""

import asyncio
import json
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from benchmarks.parts.sockets import open_clients, until_quiet
from workbook.run.ports import free_port
from workbook.run.processes import Process
from workbook.run.stage_run import StageRun
from workbook.stages import ROOT, stage

SIZES = (10, 100, 500)  # clients
SECONDS = 4  # of each measurement
WINDOW = 8  # messages on their way at once
PACE = 2  # messages a second
TUTORIAL, PUBSUB, OURS, LIMIT = (
    "tutorial, core layer",
    "tutorial, pub/sub layer",
    "our chat, pub/sub layer",
    "bare broadcast, one process",
)


async def at_full_speed(clients) -> int:
    """Return how many messages arrived in SECONDS, over all clients."""
    heard = 0

    def count(client, seconds):
        nonlocal heard
        heard += 1
        if client is clients[0] and time.monotonic() < end:
            client.say_the_time()

    for client in clients:
        client.on_message = count
    end = time.monotonic() + SECONDS
    for _ in range(WINDOW):
        clients[0].say_the_time()
    await asyncio.sleep(SECONDS)
    return heard


async def at_a_pace(clients) -> list[float]:
    """Return the milliseconds that each arrival took."""
    took = []
    for client in clients:
        client.on_message = lambda client, seconds: took.append(seconds * 1000)
    for number in range(SECONDS * PACE):
        clients[number % len(clients)].say_the_time()
        await asyncio.sleep(1 / PACE)
    await until_quiet(clients)
    return took


async def measure(port: int, path: str, number: int, server: psutil.Process) -> dict:
    """Return the figures of one server with `number` clients."""
    clients = await open_clients(port, path, number)
    await until_quiet(clients)
    before = sum(server.cpu_times()[:2])
    arrived = await at_full_speed(clients)
    worked = sum(server.cpu_times()[:2]) - before
    await until_quiet(clients)
    took = await at_a_pace(clients)
    for client in clients:
        client.close()
    await asyncio.sleep(1)
    steps = statistics.quantiles(took, n=100)
    return {
        "per_second": arrived / SECONDS,
        "microseconds": worked / max(arrived, 1) * 1e6,
        "p50": steps[49],
        "p99": steps[98],
        "lost": SECONDS * PACE * number - len(took),
    }


def start_servers(stack: ExitStack) -> dict[str, tuple]:
    """Start them; return name -> port, path and process, the limit last."""

    def chat(layer):
        env = {"CHANNEL_LAYER": layer, "CHAT_FRAMES_PER_SECOND": "1000000"}
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        run = StageRun(stage(3), state, env=env)
        run.commands = {"web": run.commands["web"]}
        stack.enter_context(run)
        return run.port, listener(run.port)

    core, pubsub, port = chat("core"), chat("redis"), start_bare_server(stack)
    return {
        TUTORIAL: (core[0], "/ws/steps/async/bench/", core[1]),
        PUBSUB: (pubsub[0], "/ws/steps/async/bench/", pubsub[1]),
        OURS: (pubsub[0], "/ws/chat/bench/", pubsub[1]),
        LIMIT: (port, "/", listener(port)),
    }


def start_bare_server(stack: ExitStack) -> int:
    """Start benchmarks/parts/bare_server.py; return its port."""
    port = free_port()
    command = [sys.executable, "-m", "benchmarks.parts.bare_server", str(port)]
    log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "bare.log"
    process = Process("bare", command, ROOT, None, log).start()
    stack.callback(process.stop)
    return port


def listener(port: int) -> psutil.Process:
    """Return the process that listens on the port, once one does."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        for process in psutil.Process().children(recursive=True):
            for line in process.net_connections("tcp"):
                if line.status == "LISTEN" and line.laddr.port == port:
                    return process
        time.sleep(0.1)
    raise TimeoutError(f"nothing listens on port {port}")


def measure_all(sizes) -> dict:
    """Return {clients: {server: figures}}, printing each line as it is known."""
    figures = {}
    with ExitStack() as stack:
        servers = start_servers(stack)
        for number in sizes:
            print(f"{number} clients in the room")
            print(f"{'':30}arrivals/s   times   CPU µs each   p50 ms   p99 ms   lost")
            figures[number] = rows = {}
            for name, (port, path, server) in servers.items():
                row = rows[name] = asyncio.run(measure(port, path, number, server))
                times = row["per_second"] / rows[TUTORIAL]["per_second"]
                print(
                    f"  {name:<28}{row['per_second']:>10,.0f}{times:>8.1f}"
                    f"{row['microseconds']:>14.0f}{row['p50']:>9.1f}{row['p99']:>9.1f}"
                    f"{row['lost']:>7}"
                )
            print()
    return figures


def draw(figures: dict, path: Path):
    """Plot arrivals a second, and how late, over the number of clients."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    canvas, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    for axes, key, title in ((left, "per_second", "Arrivals/s"), (right, "p99", "p99 ms")):
        for name in next(iter(figures.values())):
            values = [rows[name][key] for rows in figures.values()]
            axes.plot(list(figures), values, "o-", label=name)
        axes.set(title=title, xlabel="clients in the room", xscale="log", yscale="log")
        axes.legend(fontsize=8)
    canvas.tight_layout()
    canvas.savefig(path)
    pyplot.close(canvas)


def run(folder: Path, sizes=SIZES) -> dict[str, bool]:
    figures = measure_all(sizes)
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    draw(figures, folder / "plot.png")
    most = figures[max(sizes)]
    saved = most[PUBSUB]["microseconds"] / most[OURS]["microseconds"]
    return {
        f"an arrival costs less than in the tutorial's consumer: {saved:.1f} times": saved
        > 1,
        "our chat loses nothing": not any(rows[OURS]["lost"] for rows in figures.values()),
    }
