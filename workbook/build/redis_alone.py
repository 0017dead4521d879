"""`make redis`: the bundled server alone, where everybody looks for a Redis."""

import os
import signal
import threading

from workbook.run import terminal
from workbook.run.ports import HOST, port_from_env, require_free
from workbook.run.redis_server import RedisServer
from workbook.stages import ROOT

USUAL_PORT = 6379


def serve() -> int:
    """Run it until Ctrl-C; return the exit status."""
    port = port_from_env("PORT", USUAL_PORT)
    require_free(port, "PORT", "Redis")
    asked = threading.Event()
    for number in terminal.ENDINGS:
        signal.signal(number, lambda *_: asked.set())
    parent = os.getppid()
    give_back = terminal.take()
    server = RedisServer(ROOT / "var" / "redis", port)
    try:
        server.start()
        print(f"Redis is ready: redis://{HOST}:{port}/  Press Ctrl-C to stop.", flush=True)
        while not asked.wait(0.2):
            if not server.process.running:
                print("Redis has ended by itself.", flush=True)
                return 1
            if terminal.parent_wants_to_end(parent):
                break
        return 0
    finally:
        server.stop()
        give_back()
