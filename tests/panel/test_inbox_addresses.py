"""The inbox's addresses: who may ask, and what a wrong request is told."""

import re
import socket
from http.client import HTTPResponse

import pytest

from tests.mail_service import letter


def raw_http(inbox, request: bytes) -> HTTPResponse:
    """The answer to exactly these bytes."""
    port = int(inbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        answer = HTTPResponse(connection)
        answer.begin()
        answer.read()
    return answer


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost:x", ""]
)
def test_a_foreign_host_is_refused(inbox, host):
    for path in ("/", "/api/messages", "/static/inbox.css"):
        assert inbox.web.get(path, headers={"Host": host}).status_code == 421


def test_localhost_is_as_good_as_its_number(inbox):
    port = inbox.url.rpartition(":")[2]
    assert inbox.web.get("/", headers={"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize("lines", [b"", b"Host: localhost\r\nHost: evil.example\r\n"])
def test_a_request_names_one_host(inbox, lines):
    answer = raw_http(inbox, b"GET / HTTP/1.1\r\n" + lines + b"\r\n")
    assert answer.status == 400


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/api/messages/123", 404, None),
        ("GET", "/api/messages/..%2F..%2Fetc", 404, None),
        ("GET", "/api/nothing", 404, None),
        ("POST", "/api/messages", 405, "GET, DELETE"),
        ("GET", "/messages/123", 404, None),
        ("GET", "/messages/123/html", 404, None),
        ("GET", "/messages/123/attachments/1", 404, None),
        ("GET", "/static/%2E%2E%2Fweb.py", 404, None),
        ("GET", "/nothing", 404, None),
        ("POST", "/", 405, "GET"),
        ("PUT", "/clear", 405, "GET, POST"),
        ("DELETE", "/clear", 405, "GET, POST"),
    ],
)
def test_a_wrong_address_or_method_is_answered_clearly(inbox, method, path, status, allow):
    answer = inbox.web.request(method, path)
    assert answer.status_code == status
    methods = set(answer.headers.get("Allow", "").split(", ")) - {"HEAD"}
    assert methods == set((allow or "").split(", "))
    if path.startswith("/api/"):
        assert answer.json()["detail"]
    else:
        assert "<h1>This did not work</h1>" in answer.text


def test_every_page_carries_a_strict_policy_and_no_inline_script(inbox):
    inbox.send(letter())
    mail = inbox.newest()
    for path in ("/", f"/messages/{mail['id']}", "/clear", "/nothing"):
        answer = inbox.web.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?! src)|<style|\son\w+=|\sstyle=", answer.text)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /clear HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /clear HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_a_malformed_request_gets_an_answer(inbox, request_bytes):
    answer = raw_http(inbox, request_bytes)
    assert 400 <= answer.status < 500
    if answer.headers["Content-Type"].startswith("text/html"):
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert inbox.web.get("/").status_code == 200
