"""The proof's side of the rooms that share their packages: see rooms.py."""

import contextlib
import os
import socket
import subprocess
import sys
from pathlib import Path

from workbook.exercises.checking.calls import KEPT, Room

ROOMS = Path(__file__).parents[1] / "room" / "rooms.py"


class House:
    """A process that opens rooms, each in a moment. It ends with `close`, or with us."""

    def __init__(self):
        self.door, theirs = socket.socketpair()
        with theirs:
            self.child = subprocess.Popen(
                [sys.executable, "-I", "-B", str(ROOMS), str(theirs.fileno())],
                env={name: os.environ[name] for name in KEPT if name in os.environ},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,
            )

    def room(self, scratch: Path) -> "SharedRoom":
        line, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.door, [b"r"], [theirs.fileno()])
        return SharedRoom(line, scratch)

    def close(self):
        self.door.close()
        self.child.kill()
        self.child.wait()


class SharedRoom(Room):
    """A room at the other end of `line`."""

    def __init__(self, line: socket.socket, scratch: Path):
        self.line = line
        self.orders, self.answers = line.makefile("wb"), line.makefile("rb")
        self.orders.write(f"{scratch}\n".encode())

    def close(self):
        """End the room and all that runs in it: its last word is the end of the line."""
        with contextlib.suppress(OSError), self.line:
            self.line.shutdown(socket.SHUT_WR)
            self.line.settimeout(20)
            self.answers.read()
