"""The pages of the chat."""

import html
from pathlib import Path

import pytest

from follow import views

pytestmark = pytest.mark.django_db


def test_the_lobby_leads_to_the_room_that_was_asked_for(client):
    answer = client.get("/chat/", {"room": "São.João"})
    assert (answer.status_code, answer.url) == (302, "/chat/S%C3%A3o.Jo%C3%A3o/")
    assert client.get(answer.url).status_code == 200


def test_the_lobby_says_why_a_room_cannot_be(client):
    answer = client.get("/chat/", {"room": "a room"})
    assert answer.status_code == 400
    page = answer.content.decode()
    assert "only letters" in page
    assert 'aria-describedby="room-name-error"' in page
    assert 'id="room-name-error"' in page


@pytest.mark.parametrize("path", ["/chat/a%20room/", "/chat/a/b/", "/chat/%3Cb%3E/"])
def test_the_page_of_a_room_that_cannot_be_is_404_with_the_reason(client, path):
    answer = client.get(path)
    assert answer.status_code == 404
    assert "only letters" in answer.content.decode()
    assert "<b>" not in answer.content.decode()


def test_a_room_has_the_ids_that_the_tutorials_use(client):
    page = client.get("/chat/lobby/").content.decode()
    for name in ("chat-log", "chat-message-input", "chat-message-submit"):
        assert page.count(f'id="{name}"') == 1
    assert '<textarea id="chat-log"' in page
    page = client.get("/chat/").content.decode()
    for name in ("room-name-input", "room-name-submit"):
        assert page.count(f'id="{name}"') == 1


def test_the_line_to_type_has_its_path_quoted_and_debug_alone_shows_it(client, settings):
    settings.FOLLOWED_FILE = Path("/my school/it's.log")
    line = """echo hello >> '/my school/it'"'"'s.log'"""
    settings.DEBUG = True
    assert line in html.unescape(client.get("/follow/").content.decode())
    settings.DEBUG = False
    assert "echo hello" not in client.get("/follow/").content.decode()


def test_the_bell_writes_one_line(client, settings, tmp_path):
    settings.FOLLOWED_FILE = tmp_path / "bell.log"
    assert client.post("/follow/ring/").status_code == 204
    assert settings.FOLLOWED_FILE.read_text().endswith(" The bell rings.\n")
    assert client.get("/follow/ring/").status_code == 405


def test_the_bell_does_not_fill_the_disk(client, settings, tmp_path, monkeypatch):
    monkeypatch.setattr(views, "MOST_RINGS", 40)  # bytes: two lines
    settings.FOLLOWED_FILE = tmp_path / "bell.log"
    codes = [client.post("/follow/ring/").status_code for _ in range(4)]
    assert codes == [204, 204, 409, 409]
    assert settings.FOLLOWED_FILE.read_text().count("\n") == 2


def test_another_site_may_read_the_api_only_when_it_is_named(client, settings):
    other = {"origin": "https://other.example"}
    settings.CORS_ALLOWED_ORIGINS = []
    answer = client.get("/api/students/", headers=other)
    assert "access-control-allow-origin" not in answer.headers
    settings.CORS_ALLOWED_ORIGINS = ["https://other.example"]
    answer = client.get("/api/students/", headers=other)
    assert answer.headers["access-control-allow-origin"] == "https://other.example"
    assert "access-control-allow-origin" not in client.get("/chat/", headers=other).headers
