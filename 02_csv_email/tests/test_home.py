"""The front page of stage 2."""

import pytest

pytestmark = pytest.mark.django_db


def test_the_front_page_leads_to_the_inbox_where_there_is_one(client, settings):
    settings.INBOX_URL = "http://127.0.0.1:8025/"
    assert 'href="http://127.0.0.1:8025/"' in client.get("/").content.decode()
    settings.INBOX_URL = ""
    assert "No inbox is running here" in client.get("/").content.decode()


def test_the_front_page_shows_how_long_each_form_took(client):
    page = client.get("/").content.decode()
    assert page.count("not tried yet") == 2
    client.cookies["feedback_blocking_ms"] = "2034"
    client.cookies["feedback_ms"] = "<b>7"
    page = client.get("/").content.decode()
    assert "2034 ms" in page
    assert "&lt;b&gt;7 ms" in page
