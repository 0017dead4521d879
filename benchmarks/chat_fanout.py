"""One room, many clients: how many messages arrive a second, and how late.

Our chat against the plain consumer of the tutorials (step 3, on both layers of
Redis) and against a bare broadcast in one process as the limit. For each: as
fast as it goes (one client keeps WINDOW messages on their way), then PACE
messages a second.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from benchmarks.sockets import open_clients, until_quiet
from workbook.ports import free_port
from workbook.processes import Process
from workbook.runner import StageRun
from workbook.stages import ROOT, stage

CLIENTS = (10, 100, 500)
SECONDS = 4  # of each measurement
WINDOW = 8  # messages on their way at once
PACE = 4  # messages a second


async def at_full_speed(clients) -> float:
    """Return how many messages a second arrive, over all clients."""
    heard = 0

    def count(client, seconds):
        nonlocal heard
        heard += 1
        if client is clients[0] and time.monotonic() < end:
            client.say_the_time()

    for client in clients:
        client.on_message = count
    started = time.monotonic()
    end = started + SECONDS
    for _ in range(WINDOW):
        clients[0].say_the_time()
    await asyncio.sleep(SECONDS)
    arrived = heard
    await until_quiet(clients)
    return arrived / SECONDS


async def at_a_pace(clients) -> list[float]:
    """Return the milliseconds that each arrival took."""
    took = []
    for client in clients:
        client.on_message = lambda client, seconds: took.append(seconds * 1000)
    for number in range(SECONDS * PACE):
        clients[number % len(clients)].say_the_time()
        await asyncio.sleep(1 / PACE)
    await until_quiet(clients)
    missing = SECONDS * PACE * len(clients) - len(took)
    if missing:
        print(f"  ({missing} of {SECONDS * PACE * len(clients)} never arrived)")
    return took


async def measure(port: int, path: str, number: int) -> tuple[float, float, float]:
    """Return arrivals a second, and the median and 99th percentile in ms."""
    clients = await open_clients(port, path, number)
    await until_quiet(clients)
    speed = await at_full_speed(clients)
    took = statistics.quantiles(await at_a_pace(clients), n=100)
    for client in clients:
        client.close()
    await asyncio.sleep(1)
    return speed, took[49], took[98]


def servers(stack: ExitStack) -> dict[str, tuple[int, str]]:
    """Start them; return name -> port and path, the limit last."""

    def chat(layer):
        env = {"CHANNEL_LAYER": layer, "CHAT_FRAMES_PER_SECOND": "1000000"}
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        run = StageRun(stage(3), state, lines="Procfile", env=env)
        run.commands = {"web": run.commands["web"]}
        return stack.enter_context(run).port

    core, pubsub, bare = chat("core"), chat("redis"), free_port()
    command = [sys.executable, "-m", "benchmarks.bare_server", str(bare)]
    log = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "bare.log"
    limit = Process("bare", command, ROOT, None, log).start()
    stack.callback(limit.stop)
    return {
        "tutorial, core layer": (core, "/ws/steps/async/bench/"),
        "tutorial, pub/sub layer": (pubsub, "/ws/steps/async/bench/"),
        "our chat, pub/sub layer": (pubsub, "/ws/chat/bench/"),
        "bare broadcast, one process": (bare, "/"),
    }


def main(sizes=CLIENTS):
    with ExitStack() as stack:
        found = servers(stack)
        for number in sizes:
            print(
                f"\n{number:>4} clients in the room        arrivals/s    p50 ms    p99 ms"
            )
            first = None
            for name, (port, path) in found.items():
                speed, median, late = asyncio.run(measure(port, path, number))
                first = first or speed
                print(f"  {name:<28} {speed:10,.0f} {median:9.1f} {late:9.1f}", end="")
                print(f"   {speed / first:5.1f} x")


if __name__ == "__main__":
    main([int(word) for word in sys.argv[1:]] or CLIENTS)
