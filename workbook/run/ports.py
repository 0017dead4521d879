"""Ports: which are free, and what answers on one."""

import os
import socket
from itertools import count

from workbook.refusal import Refusal

HOST = "127.0.0.1"
HIGHEST_PORT = 65535
# Below the range from which Linux (32768) and macOS (49152) take the ports of clients:
# between the choice of a port and the start of its server no connection can take it.
CHOSEN_FROM = range(20000, 32768)
STEP = 97  # ports between the first choices of two neighbouring processes
turns = count()


def port_from_env(variable: str, default: int) -> int:
    """Return the port that `variable` names; Refusal when it is not a port."""
    text = os.environ.get(variable, "").strip() or str(default)
    if not text.isdecimal() or not 1 <= int(text) <= HIGHEST_PORT:
        raise Refusal(
            f"{variable}={text} is not a port: use a number from 1 to {HIGHEST_PORT}."
        )
    return int(text)


def is_free(port: int) -> bool:
    """Whether a server could listen on `port` of the loopback address now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """Return a port that nobody listens on; never the same twice in one process."""
    for turn in turns:
        port = CHOSEN_FROM[(os.getpid() * STEP + turn) % len(CHOSEN_FROM)]
        if is_free(port):
            return port


def require_free(port: int, variable: str, purpose: str):
    if port < 1024 and os.name == "posix" and os.geteuid() != 0:
        raise Refusal(
            f"Port {port} ({purpose}) needs root: set {variable} to one above 1023."
        )
    if not is_free(port):
        raise Refusal(
            f"Port {port} ({purpose}) is in use: end what runs there, "
            f"or choose another, for example {variable}={port + 100}."
        )
