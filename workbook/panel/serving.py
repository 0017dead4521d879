"""uvicorn for one of the workbook's applications, on a port of the loopback address."""

import contextlib
import socket
from collections.abc import Iterator

import uvicorn
from starlette.types import ASGIApp


class Server(uvicorn.Server):
    """Stops when `should_exit` is set; signals are its owner's."""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


def listen(host: str, port: int) -> socket.socket:
    """A socket that takes connections already. OSError where the port is not free."""
    return socket.create_server((host, port), backlog=64)


def server(app: ASGIApp) -> Server:
    """For `await server(app).serve(sockets=[listen(...)])`."""
    config = uvicorn.Config(
        app,
        loop="asyncio",
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="error",  # a browser that talks nonsense is no news
        access_log=False,  # a page that asks every few seconds is none either
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,  # seconds
    )
    return Server(config)
