"""The stages behind a hosted editor's proxy, with the variables of .devcontainer.

What the proxy does is known from GitHub Codespaces: `Host` is the forwarded name, and
`Origin` is that name with https, or `localhost` with http or https.
"""

import json
import socket

import httpx
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from workbook.stages import ROOT

NAME = "room-{port}.app.github.dev"
HOST = NAME.format(port=8004)
ORIGINS = [f"https://{HOST}", "http://localhost:8004", "https://localhost:8004"]


@pytest.fixture(scope="module")
def run(start_stage):
    container = json.loads((ROOT / ".devcontainer" / "devcontainer.json").read_text())
    return start_stage(4, env=container["containerEnv"], only=("web", "jobworker"))


@pytest.fixture
def visitor(run):
    """A function that gives a client whose requests arrive as the proxy passes them on."""
    clients = []

    def visitor(origin: str) -> httpx.Client:
        headers = {"Host": HOST, "Origin": origin}
        clients.append(
            httpx.Client(base_url=run.url, headers=headers, timeout=60, trust_env=False)
        )
        return clients[-1]

    yield visitor
    for client in clients:
        client.close()


@pytest.mark.parametrize("origin", ORIGINS)
def test_somebody_signs_in_and_starts_a_job_from_the_forwarded_page(visitor, origin):
    client = visitor(origin)
    client.get("/accounts/login/")
    who = {"username": "ana", "password": "classroom"}
    token = {"X-CSRFToken": client.cookies["csrftoken"]}
    assert client.post("/accounts/login/", data=who, headers=token).status_code == 302
    token = {"X-CSRFToken": client.cookies["csrftoken"]}
    assert client.post("/jobs/", data={"rows": 3}, headers=token).status_code == 202


def test_a_foreign_page_still_cannot_send_a_form(visitor):
    client = visitor("https://evil.example")
    client.get("/accounts/login/")
    token = {"X-CSRFToken": client.cookies["csrftoken"]}
    who = {"username": "ana", "password": "classroom"}
    assert client.post("/accounts/login/", data=who, headers=token).status_code == 403


@pytest.mark.parametrize("origin", ORIGINS)
def test_the_forwarded_page_opens_a_socket(run, origin):
    with open_echo(run, origin) as echo:
        echo.send(json.dumps({"message": "hello"}))
        assert json.loads(echo.recv(timeout=40))["message"] == "hello"


def test_a_foreign_page_still_opens_no_socket(run):
    with pytest.raises(InvalidStatus), open_echo(run, "https://evil.example"):
        pass


def open_echo(run, origin):
    return connect(
        f"ws://{HOST}/chat/",
        sock=socket.create_connection(("127.0.0.1", run.port)),
        origin=origin,
        proxy=None,
        open_timeout=40,
    )


@pytest.mark.parametrize(
    ("name", "page", "status"),
    [
        (NAME.format(port=8025), "same-origin", 303),
        (NAME.format(port=8025), "cross-site", 403),
        ("app.github.dev.evil.example", "same-origin", 421),
    ],
)
def test_the_inbox_knows_the_forwarded_name_too(run, name, page, status):
    headers = {"Host": name, "Origin": "http://localhost:8025", "Sec-Fetch-Site": page}
    answer = httpx.post(f"{run.inbox_url}/clear", headers=headers, trust_env=False)
    assert answer.status_code == status
