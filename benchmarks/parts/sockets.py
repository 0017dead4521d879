"""A WebSocket client that costs almost nothing, so that the server is what is measured.

It sends short text frames and, of what it hears, reads only the time that the
sender wrote into the message.
"""

import asyncio
import os
import re
import resource
import time

STAMP = re.compile(rb'"message": ?"(\d+)')
HANDSHAKE = (
    "GET {path} HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: {cookie}\r\n"
    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
)


def allow_many(number: int):
    """Let us and what we start open so many sockets, and 1,000 files more."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit[0] < number + 1_000:
        resource.setrlimit(resource.RLIMIT_NOFILE, (number + 1_000, limit[1]))


class Client(asyncio.Protocol):
    """One connection. `on_message(client, seconds it took)` is called for each message."""

    def __init__(self, host: str, path: str, cookie: str = ""):
        self.request = HANDSHAKE.format(host=host, path=path, cookie=cookie).encode()
        self.buffer = bytearray()
        self.opened = asyncio.get_running_loop().create_future()
        self.on_message = lambda client, seconds: None
        self.bytes_heard = 0

    def connection_made(self, transport):
        self.transport = transport
        transport.write(self.request)

    def connection_lost(self, error):
        if not self.opened.done():
            self.opened.set_exception(error or ConnectionError("closed"))

    def data_received(self, data):
        self.buffer += data
        self.bytes_heard += len(data)
        if not self.opened.done() and not self._read_handshake():
            return
        now = time.monotonic_ns()
        position, length = 0, len(self.buffer)
        while length - position >= 2:
            size, start = self.buffer[position + 1], position + 2
            if size == 126:
                size = int.from_bytes(self.buffer[start : start + 2])
                start += 2
            if length < start + size:
                break
            self._read_frame(self.buffer[position] & 15, start, start + size, now)
            position = start + size
        del self.buffer[:position]

    def _read_handshake(self) -> bool:
        head, found, rest = self.buffer.partition(b"\r\n\r\n")
        if found and b" 101 " not in head.split(b"\r\n")[0]:
            self.opened.set_exception(ConnectionError(head.decode()))
        elif found:
            self.buffer = rest
            self.opened.set_result(None)
        return bool(found)

    def _read_frame(self, kind, start, end, now):
        if kind == 9:  # a ping
            self._write(10, bytes(self.buffer[start:end]))
            return
        stamp = STAMP.search(self.buffer, start, end)
        if stamp:
            self.on_message(self, (now - int(stamp[1])) / 1e9)

    def _write(self, kind: int, payload: bytes):
        mask = os.urandom(4)
        masked = bytes(byte ^ mask[i % 4] for i, byte in enumerate(payload))
        self.transport.write(bytes([128 | kind, 128 | len(payload)]) + mask + masked)

    def say_the_time(self):
        """Send a message that holds the time of its sending."""
        self._write(1, b'{"message": "%d"}' % time.monotonic_ns())

    def close(self):
        self._write(8, b"\x03\xe8")
        self.transport.close()


async def open_client(port: int, path: str, cookie: str = "") -> Client:
    host = f"127.0.0.1:{port}"
    loop = asyncio.get_running_loop()
    _, client = await loop.create_connection(
        lambda: Client(host, path, cookie), "127.0.0.1", port
    )
    await asyncio.wait_for(client.opened, 60)
    return client


async def open_clients(port: int, path: str, number: int, cookie="") -> list[Client]:
    """Open them in groups of 20: a server's queue of new connections is short."""
    clients = []
    while len(clients) < number:
        group = min(20, number - len(clients))
        clients += await asyncio.gather(
            *(open_client(port, path, cookie) for _ in range(group))
        )
    return clients


async def until_quiet(clients):
    """Return when none of the clients has heard anything for half a second."""
    before = -1
    while (heard := sum(client.bytes_heard for client in clients)) != before:
        before = heard
        await asyncio.sleep(0.5)
