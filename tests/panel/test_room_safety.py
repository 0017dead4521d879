"""Who may press a button of the machine room: its own page, and nobody else's."""

import re

import httpx
import pytest

from workbook.panel.room.room import Room
from workbook.run.ports import free_port
from workbook.run.stage_run import StageRun
from workbook.stages import stage


@pytest.fixture(scope="module")
def room(tmp_path_factory, wait_for):
    """The room of a stage that has not been started: each of its processes is down."""
    room = Room(StageRun(stage(1), tmp_path_factory.mktemp("run")), free_port()).open()
    client = httpx.Client(base_url=room.url, trust_env=False, timeout=20)
    wait_for(lambda: answers(client), what="the room")
    yield client
    client.close()
    room.close()


def answers(client) -> bool:
    try:
        return client.get("/").is_success
    except httpx.TransportError:
        return False


@pytest.fixture
def token(room):
    return re.search(r'<meta name="room-token" content="(.+?)">', room.get("/").text)[1]


def test_with_the_page_s_token_an_act_is_done(room, token):
    answer = room.post("/api/processes/beat/stop", headers={"X-Room-Token": token})
    assert answer.status_code == 200
    assert (answer.json()["name"], answer.json()["state"]) == ("beat", "stopped")


@pytest.mark.parametrize("given", [{}, {"X-Room-Token": ""}, {"X-Room-Token": "guess"}])
def test_without_the_token_nothing_is_done(room, given):
    for path in ("/api/processes/beat/stop", "/api/twenty"):
        assert room.post(path, headers=given).status_code == 403


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Host": "evil.example"},
        {"Host": "127.0.0.1.evil.example"},
    ],
)
def test_another_site_s_page_does_nothing_even_with_the_token(room, token, headers):
    answer = room.post(
        "/api/processes/beat/stop", headers={"X-Room-Token": token, **headers}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize("path", ["/", "/api/state", "/events", "/static/room.js"])
def test_a_foreign_name_reads_nothing(room, path):
    assert room.get(path, headers={"Host": "evil.example"}).status_code == 403


def test_an_act_is_a_post(room):
    assert room.get("/api/processes/beat/stop").status_code == 405


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("nothing/stop", 404),
        ("beat/dance", 404),
        ("beat/freeze", 409),
        ("beat/kill-child", 409),
        ("worker/kill-child", 409),
    ],
)
def test_what_cannot_be_done_is_said_in_words(room, token, path, status):
    answer = room.post(f"/api/processes/{path}", headers={"X-Room-Token": token})
    assert answer.status_code == status
    assert answer.json()["detail"].endswith(".")


def test_every_run_has_a_token_of_its_own(room, token, tmp_path, wait_for):
    other = Room(StageRun(stage(1), tmp_path), free_port()).open()
    with httpx.Client(base_url=other.url, trust_env=False) as client:
        wait_for(lambda: answers(client), what="the other room")
        answer = client.post("/api/processes/beat/stop", headers={"X-Room-Token": token})
    other.close()
    assert answer.status_code == 403


def test_the_page_s_policy_lets_in_nothing_from_elsewhere(room):
    page = room.get("/")
    assert "default-src 'none'" in page.headers["Content-Security-Policy"]
    assert not re.search(r"<script(?! src)|<style|\son\w+=|\sstyle=", page.text)
    assert set(re.findall(r'(?:src|href)="(\w+://[^/"]+)', page.text)) <= {
        "http://127.0.0.1:" + port for port in re.findall(r"127.0.0.1:(\d+)", page.text)
    }
