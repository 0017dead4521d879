"""Who may ask, and what every answer carries: this server is for this machine's user."""

import os
import re

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workbook.panel.problems import problem

# Only these names are this server; any other Host is a page elsewhere that was
# pointed at this address to read what is here (DNS rebinding). A hosted editor gives it
# one more name, which the stages know by the same variable.
NAMES = ["127.0.0.1", "localhost"]
NAMES += os.environ.get("DJANGO_ALLOWED_HOSTS", "").lower().replace(",", " ").split()
PORT = re.compile(r":[0-9]{1,5}$")
LARGEST_BODY = 64 * 1024  # bytes; no form here sends more than a few
ALWAYS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
        "connect-src 'self'; frame-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Safety:
    """Stands in front of an application: refuses strangers, adds the headers.

    `wrong_host`: the status for a name that is not ours.
    """

    def __init__(self, app: ASGIApp, wrong_host: int):
        self.app = app
        self.wrong_host = wrong_host

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return

        async def send_safely(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in ALWAYS.items():
                    headers.setdefault(name, value)
            await send(message)

        app = self.app
        headers = Headers(scope=scope)
        if not is_ours(PORT.sub("", headers.get("host", "")).lower()):
            sentence = "This page answers to 127.0.0.1 and localhost only."
            app = problem(Request(scope), self.wrong_host, sentence)
        elif refusal := why_not(scope["method"], headers):
            app = problem(Request(scope), *refusal)
        await app(scope, receive, send_safely)


def why_not(method: str, headers: Headers) -> tuple[int, str] | None:
    """Why this request is not even looked at; None where it may pass."""
    if int(headers.get("content-length", "0")) > LARGEST_BODY:
        return 413, "The request is too large."
    if method not in ("GET", "HEAD") and is_foreign(headers, headers.get("host", "")):
        return 403, "Another site's page may not change anything here."
    return None


def is_ours(name: str) -> bool:
    """Is this host name one of ours? `.example.com` stands for all names below it."""
    return any(name == ours or (ours[0] == "." and name.endswith(ours)) for ours in NAMES)


def is_foreign(headers: Headers, host: str) -> bool:
    """Does a browser say that the request comes from a page that is not ours?"""
    if site := headers.get("sec-fetch-site"):  # true behind any proxy
        return site not in ("none", "same-origin")
    origin = headers.get("origin", f"http://{host}")
    return origin.lower() != f"http://{host}".lower()
