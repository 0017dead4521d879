"""Clearing the inbox: asked first, and by our own page alone."""

import pytest

from tests.mail_service import letter


def test_clearing_asks_first_and_then_deletes(inbox):
    inbox.send(letter())
    question = inbox.web.get("/clear").text
    assert "Delete 1 message" in question
    assert len(inbox.messages()) == 1
    answer = inbox.web.post("/clear", headers={"Origin": inbox.url})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert inbox.messages() == []
    assert "No mail yet" in inbox.web.get("/").text


def test_json_clients_clear_with_delete(inbox):
    inbox.send(letter())
    answer = inbox.web.delete("/api/messages")
    assert (answer.status_code, answer.content) == (204, b"")
    assert inbox.messages() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_cannot_clear(inbox, headers):
    inbox.send(letter())
    assert inbox.web.post("/clear", headers=headers).status_code == 403
    assert inbox.web.delete("/api/messages", headers=headers).status_code == 403
    assert len(inbox.messages()) == 1
