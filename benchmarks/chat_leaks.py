"""What 10,000 visits to a room leave behind: memory, open sockets, Redis channels, rows."""

import asyncio
import json
import sqlite3
import tempfile
from contextlib import ExitStack, closing
from pathlib import Path

import redis

from benchmarks.chat_fanout import listener
from benchmarks.parts.sockets import open_clients
from workbook.run.stage_run import StageRun
from workbook.stages import stage

VISITS = 10_000
AT_ONCE = 50
WARM_UP = 2_000  # visits until the process has loaded and cached what it needs
GROWTH = 8  # MB that the rest may add


async def visit(port: int, number: int):
    """Enter, say one thing, leave; AT_ONCE visitors at the same time."""
    for _ in range(number // AT_ONCE):
        clients = await open_clients(port, "/ws/chat/leaks/", AT_ONCE)
        clients[0].say_the_time()
        for client in clients:
            client.close()


async def until_left(server):
    """Return when the server has nothing more to do for those who have gone."""
    worked = -1.0
    while sum(server.cpu_times()[:2]) - worked > 0.05:
        worked = sum(server.cpu_times()[:2])
        await asyncio.sleep(1)


def left_behind(run, server) -> dict:
    with redis.Redis.from_url(run.redis_url) as client:
        channels = len(client.pubsub_channels())
        present = client.zcard("chat:here:leaks")
    run.manage("shell", "-c", "from chat import history; history.forget_old()")
    with closing(sqlite3.connect(run.state / "db.sqlite3")) as database:
        [messages] = database.execute("SELECT count(*) FROM chat_message").fetchone()
    return {
        "memory": server.memory_info().rss / 1e6,  # MB
        "files": server.num_fds(),  # sockets are files, too
        "channels": channels,
        "present": present,
        "messages": messages,
    }


def run(folder: Path) -> dict[str, bool]:
    figures = {}
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage_run = StageRun(stage(3), state)
        stage_run.commands = {"web": stage_run.commands["web"]}
        stack.enter_context(stage_run)
        server = listener(stage_run.port)
        print("visits   memory MB   open files   Redis channels   present   messages kept")
        half = (VISITS - WARM_UP) // 2
        for done, more in ((0, WARM_UP), (WARM_UP, half), (WARM_UP + half, half)):
            asyncio.run(visit(stage_run.port, more))
            asyncio.run(until_left(server))
            left = figures[done + more] = left_behind(stage_run, server)
            print(
                f"{done + more:>6,}{left['memory']:>12.1f}{left['files']:>13}"
                f"{left['channels']:>17}{left['present']:>10}{left['messages']:>16}"
            )
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    first, last = figures[WARM_UP], figures[VISITS]
    grown = last["memory"] - first["memory"]
    return {
        f"8,000 more visits take less than {GROWTH} MB more: {grown:+.1f}": grown < GROWTH,
        "no socket stays open": last["files"] <= first["files"] + 2,
        "nobody stays in Redis": last["channels"] <= 2,
        "nobody stays in the room": last["present"] == 0,
        "the clock leaves the room 50 messages": last["messages"] == 50,
    }
