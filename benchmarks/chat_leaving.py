"""1,000 of 10,000 sockets leave at once: for how long can the server do nothing else?

One client goes on saying a word to itself over an echo. While the loop is blocked, it
waits: the longest wait is the longest block, and a round trip more. Once all sit in one
room, once each has a room of its own.
"""

import asyncio
import json
import tempfile
from contextlib import ExitStack
from pathlib import Path

from benchmarks.chat_fanout import listener
from benchmarks.parts.sockets import allow_many, open_client, open_clients, until_quiet
from workbook.run.stage_run import StageRun
from workbook.stages import stage

SOCKETS, LEAVING = 10_000, 1_000
QUIET = 10  # seconds that are measured before and after they leave
LIMIT = 100  # ms


async def longest_wait(probe, until) -> float:
    """Return the longest round trip of an echo, in ms, until `until` is done."""
    longest = 0
    while not until.done():
        answered = asyncio.get_running_loop().create_future()
        probe.on_message = lambda client, seconds, f=answered: (
            f.done() or f.set_result(seconds)
        )
        probe.say_the_time()
        longest = max(longest, await asyncio.wait_for(answered, 120))
        await asyncio.sleep(0.01)
    return longest * 1000


async def measure(port, server, rooms: int) -> dict:
    """Return the figures for so many rooms."""
    probe = await open_client(port, "/ws/steps/echo/")
    clients = []
    for number in range(rooms):
        clients += await open_clients(port, f"/ws/chat/r{number}/", SOCKETS // rooms)
    await until_quiet(clients)
    memory = server.memory_info().rss / 1e6
    idle = await longest_wait(probe, asyncio.create_task(asyncio.sleep(QUIET)))
    worked = sum(server.cpu_times()[:2])
    step = max(1, len(clients) // LEAVING)
    for client in clients[::step][:LEAVING]:
        client.close()
    leaving = await longest_wait(probe, asyncio.create_task(asyncio.sleep(QUIET)))
    worked = sum(server.cpu_times()[:2]) - worked
    for client in [probe, *clients]:
        client.close()
    await asyncio.sleep(10)
    return {"memory": memory, "idle": idle, "leaving": leaving, "worked": worked}


def run(folder: Path) -> dict[str, bool]:
    allow_many(SOCKETS)
    figures = {}
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        env = {"CHAT_FRAMES_PER_SECOND": "1000000"}
        stage_run = stack.enter_context(StageRun(stage(3), state, env=env, only=("web",)))
        server = listener(stage_run.port)
        print("rooms   memory MB   longest wait before, ms   while they leave   CPU s")
        for rooms in (1, SOCKETS):
            row = asyncio.run(measure(stage_run.port, server, rooms))
            figures[rooms] = row
            print(
                f"{rooms:>6,}{row['memory']:>11.0f}{row['idle']:>21.0f}"
                f"{row['leaving']:>21.0f}{row['worked']:>14.2f}",
                flush=True,
            )
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    return {
        f"{rooms} rooms: nobody waits for more than {LIMIT} ms": row["leaving"] < LIMIT
        for rooms, row in figures.items()
    }
