"""The HTTP side: checks who asks, hands over to the routes, sends the answer safely."""

import logging
import os
import re
import socketserver
import sys
import threading
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler

from workbook.panel.inbox.routes import Answer, Site, problem

# Only these names are this server; any other Host is a page elsewhere that was
# pointed at this address to read the mail (DNS rebinding). A hosted editor gives it one
# more name, which the stages know by the same variable.
NAMES = ["127.0.0.1", "localhost"]
NAMES += os.environ.get("DJANGO_ALLOWED_HOSTS", "").lower().replace(",", " ").split()
PORT = re.compile(r":[0-9]{1,5}$")
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
log = logging.getLogger("workbook.mail")
LARGEST_BODY = 64 * 1024  # bytes; no form here sends more than a few


def is_ours(name: str) -> bool:
    """Is this host name one of ours? `.example.com` stands for all names below it."""
    return any(name == ours or (ours[0] == "." and name.endswith(ours)) for ours in NAMES)


class Handler(BaseHTTPRequestHandler):
    timeout = 20  # seconds for a client to say what it wants
    server: "WebServer"

    def respond(self) -> None:
        path = self.path.partition("?")[0]
        try:
            answer = self.refusal(path) or self.server.site.answer(self.command, path)
        except (ConnectionError, TimeoutError):
            raise
        except Exception as mistake:
            log.error("%s %s failed: %r", self.command, path, mistake)
            answer = problem(path, 500, "The inbox could not do this; its log says why.")
        self.send(answer)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = respond

    def refusal(self, path: str) -> Answer | None:
        """Why this request is not even looked at; None where it may pass."""
        hosts = self.headers.get_all("Host", [])
        if len(hosts) != 1:
            return problem(path, 400, "The request names no host.")
        if not is_ours(PORT.sub("", hosts[0]).lower()):
            return problem(path, 421, "This inbox answers to 127.0.0.1 and localhost only.")
        length = self.headers.get("Content-Length", "0")
        if not re.fullmatch("[0-9]{1,9}", length):
            return problem(path, 400, "The Content-Length is not a number.")
        if int(length) > LARGEST_BODY:
            return problem(path, 413, "The request is too large.")
        self.rfile.read(int(length))
        if self.command not in ("GET", "HEAD") and self.is_foreign(hosts[0]):
            return problem(path, 403, "Another site's page may not change this inbox.")
        return None

    def is_foreign(self, host: str) -> bool:
        """Does a browser say that the request comes from a page that is not ours?"""
        if site := self.headers.get("Sec-Fetch-Site"):  # true behind any proxy
            return site not in ("none", "same-origin")
        origin = self.headers.get("Origin", f"http://{host}")
        return origin.lower() != f"http://{host}".lower()

    def send(self, answer: Answer) -> None:
        body = answer.body.encode() if isinstance(answer.body, str) else answer.body
        seen = self.headers.get("If-None-Match") if hasattr(self, "headers") else None
        status = answer.status
        if seen and seen == answer.headers.get("ETag"):
            status, body = HTTPStatus.NOT_MODIFIED, b""
        self.send_response(status)
        for name, value in (ALWAYS | answer.headers).items():
            self.send_header(name, value)
        if status not in (HTTPStatus.NO_CONTENT, HTTPStatus.NOT_MODIFIED):
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def send_error(self, code: int, message: str | None = None, explain=None) -> None:
        """http.server's own complaints, such as a malformed first line, as our page."""
        sentence = f"{message or HTTPStatus(code).phrase}."
        self.close_connection = True
        self.request_version = "HTTP/1.0"  # else no status line where it was not read
        self.send(problem(getattr(self, "path", ""), code, sentence))

    def version_string(self) -> str:
        return "workbook-mail"

    def log_message(self, *args: object) -> None:
        """Silent: the page asks every few seconds, and nobody wants to read that."""


class WebServer(socketserver.ThreadingTCPServer):
    """Already takes connections. Raises OSError where the port is not free."""

    daemon_threads = True
    allow_reuse_address = os.name == "posix"  # elsewhere it would let two share a port
    request_queue_size = 64

    def __init__(self, site: Site, host: str, port: int):
        self.site = site
        super().__init__((host, port), Handler)
        threading.Thread(target=self.serve_forever, args=(0.1,), daemon=True).start()

    def stop(self) -> None:
        self.shutdown()
        self.server_close()

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away is no news; anything else is."""
        if not isinstance(sys.exc_info()[1], ConnectionError | TimeoutError):
            super().handle_error(request, client_address)
