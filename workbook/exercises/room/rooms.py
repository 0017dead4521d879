"""Rooms for many copies: forks of one process in which all packages are loaded.

    python -I rooms.py FD       for each socket that comes over the socket FD, a room

For the proof alone, whose answers are our own: a learner's work has a room of its own.
"""

import contextlib
import os
import socket
import sys

sys.path.append(os.path.dirname(os.path.abspath(__file__)))
import room

sys.path.pop()


def open_rooms(orders):
    """Open a room for each line that comes, until whoever called us has gone."""
    room.forks.load_packages(room.forks.ALWAYS + room.forks.OFTEN)
    while True:
        said, files, _, _ = socket.recv_fds(orders, 1, 1)
        if not said:
            return
        if os.fork() == 0:
            orders.close()
            with contextlib.suppress(OSError):
                live_in(socket.socket(fileno=files[0]))
            os._exit(1)
        os.close(files[0])
        with contextlib.suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:  # rooms that have ended
                pass


def live_in(line):
    """Be a room. The first line that comes is the folder for its files."""
    os.setsid()
    asked = line.makefile("r")
    room.serve(asked.readline().strip(), asked, line.makefile("w"))


if __name__ == "__main__":
    open_rooms(socket.socket(fileno=int(sys.argv[1])))
