"""A visitor of a running stage: HTTP and WebSocket with the same cookies."""

import asyncio
import json
import random
from contextlib import asynccontextmanager

import httpx
import websockets
from websockets.sync.client import connect

from workbook.waiting import wait_for

PATIENCE = 20  # seconds that one frame of a socket may take, on a busy machine


class Visitor:
    """A browser without a screen: it keeps its cookies, and it may log in."""

    def __init__(self, url: str, http: httpx.Client | None = None):
        self.url = url
        # trust_env: a proxy set on this machine has no business between us and ourselves.
        self.http = http or httpx.Client(base_url=url, timeout=30, trust_env=False)

    def get(self, path: str, **options) -> httpx.Response:
        """GET `path`; `options` are httpx's, for example `headers` or `params`."""
        return self.http.get(path, **options)

    def post(self, path: str, data=None, *, form: dict | None = None, **options):
        """POST `data` as JSON, or `form` as a browser sends a form."""
        if form is not None:
            if "csrftoken" not in self.http.cookies:
                self.get(path)  # the form's page brings the token
            options["data"] = form
        else:
            options["json"] = data
        options["headers"] = self._token() | options.get("headers", {})
        return self.http.post(path, **options)

    def _token(self) -> dict[str, str]:
        token = self.http.cookies.get("csrftoken")
        return {"X-CSRFToken": token} if token else {}

    def login(self, username: str, password: str) -> "Visitor":
        """Log in through the stage's own page; ValueError when it refuses."""
        answer = self.post(
            "/accounts/login/", form={"username": username, "password": password}
        )
        if answer.status_code != 302:
            raise ValueError(f"{username!r} could not log in: HTTP {answer.status_code}.")
        return self

    def handshake(self, path: str, origin: str | None = None) -> tuple[str, dict]:
        """Return a socket's address and what its handshake says of this visitor."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.http.cookies.items())
        headers = {"Cookie": cookies} if cookies else {}
        address = self.url.replace("http", "ws", 1) + path
        return address, {
            "origin": origin or self.url,
            "additional_headers": headers,
            "proxy": None,
        }

    def line(self, path: str, *, origin: str | None = None, **options):
        """Open a WebSocket for code without async: `with ... as line`, `line.recv(20)`."""
        address, handshake = self.handshake(path, origin)
        # max_queue: a client that stops reading could not close in good time.
        options = {"max_queue": None, "open_timeout": 2 * PATIENCE} | options
        return connect(address, **handshake, **options)

    @asynccontextmanager
    async def socket(self, path: str, *, origin: str | None = None, **options):
        """Open a WebSocket with this visitor's cookies: `async with ... as socket`.

        `origin` is the page that the browser claims to come from (default: the
        stage's own); other options go to `websockets.connect`.
        """
        address, handshake = self.handshake(path, origin)
        connection = await patient_connect(
            address, close_timeout=PATIENCE, **handshake, **options
        )
        try:
            yield Socket(connection)
        finally:
            await connection.close()


async def patient_connect(address: str, most: int = 10, **options):
    """Return an open connection; TimeoutError after `most` tries, ten in half a minute.

    A server that is too busy for the handshake is asked again, as a page asks again:
    daphne gives a handshake 5 s.
    """
    for tries in range(most):
        try:
            return await websockets.connect(address, open_timeout=PATIENCE, **options)
        except (OSError, websockets.InvalidMessage):
            await asyncio.sleep(min(4, 0.5 * 2**tries) * random.uniform(0.5, 1))
    raise TimeoutError(f"No handshake with {address} in {most} tries.")


class Socket:
    """An open WebSocket. Every receive has a time limit: a lesson never hangs."""

    def __init__(self, connection):
        self.connection = connection

    async def send(self, frame):
        """Send text as it is, and anything else as JSON."""
        text = frame if isinstance(frame, str | bytes) else json.dumps(frame)
        await self.connection.send(text)

    async def receive(self, within: float = PATIENCE):
        """Return the next frame, JSON decoded; TimeoutError after `within` seconds.

        Raises websockets.ConnectionClosed when the server has closed.
        """
        frame = await asyncio.wait_for(self.connection.recv(), within)
        try:
            return json.loads(frame)
        except ValueError:
            return frame

    async def receive_until(self, wanted, within: float = 60) -> list:
        """Return all frames up to the first for which `wanted(frame)` is true."""
        frames = []
        async with asyncio.timeout(within):
            while not frames or not wanted(frames[-1]):
                frames.append(await self.receive(within))
        return frames

    async def receive_all(self, quiet: float = 0.5) -> list:
        """Return what comes until `quiet` seconds bring nothing, or the server closes."""
        frames = []
        try:
            while True:
                frames.append(await self.receive(quiet))
        except (TimeoutError, websockets.ConnectionClosed):
            return frames

    async def wait_closed(self, within: float = PATIENCE) -> int | None:
        """Wait for the server to close; return the close code."""
        await asyncio.wait_for(self.connection.wait_closed(), within)
        return self.connection.close_code


class Inbox(Visitor):
    """The mail that the stage has sent."""

    def messages(self) -> list[dict]:
        """The messages as the inbox lists them."""
        return self.get("/api/messages").json()["messages"]

    def wait_for_mail(self, count: int = 1, within: float = 60) -> list[dict]:
        """Return the messages as soon as there are `count`; TimeoutError otherwise."""

        def arrived():
            found = self.messages()
            return found if len(found) >= count else None

        return wait_for(arrived, within, f"{count} messages")
