"""Clients of stage 3 for the tests, and a second web process."""

import json
import time
from contextlib import contextmanager, suppress

from websockets.exceptions import ConnectionClosed

from workbook.run.ports import free_port
from workbook.run.processes import Process
from workbook.run.readiness import http_ok
from workbook.visitor import Visitor


@contextmanager
def open_socket(web, path, origin=None):
    """Connect to a web process, as a page of its own or of `origin`; yield a Socket."""
    with Visitor(web.url).line(path, origin=origin) as line:
        yield Socket(line)


class Socket:
    """A client. `read` gives the next frame's object, with a deadline."""

    def __init__(self, connection):
        self.connection = connection

    def say(self, content):
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        self.connection.send(text)

    def read(self, timeout=40):
        return json.loads(self.connection.recv(timeout))

    def read_until(self, condition, timeout=40):
        """Return the first frame that fits; the others are dropped."""
        deadline = time.monotonic() + timeout
        while True:
            frame = self.read(deadline - time.monotonic())
            if condition(frame):
                return frame

    def read_to_the_end(self):
        """Return the frames that still come, and the server's close code (None: cut)."""
        frames = []
        with suppress(ConnectionClosed):
            while True:
                frames.append(self.read())
        return frames, self.connection.protocol.close_rcvd and self.connection.close_code


class Web:
    """One more web process of a run, on a port of its own."""

    def __init__(self, run, env=None):
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        environment = {**run.environment, "PORT": str(port), **(env or {})}
        command = ["sh", "-c", f"exec {run.commands['web']}"]
        log = run.state / "logs" / f"web-{port}.log"
        self.process = Process("web", command, run.stage.folder, environment, log).start()

    def is_ready(self):
        return http_ok(f"{self.url}/healthz")
