"""The header of every page."""

import pytest

pytestmark = pytest.mark.django_db


def header(client) -> str:
    return client.get("/").content.decode().partition("<main>")[0]


def test_it_leads_to_the_machine_room_where_there_is_one(client, settings):
    settings.ROOM_URL = "http://127.0.0.1:8020/"
    assert 'href="http://127.0.0.1:8020/"' in header(client)
    settings.ROOM_URL = ""
    assert "Machine room" not in header(client)


def test_it_says_whose_copy_runs(client, settings):
    assert "your copy" not in header(client)
    settings.COPY = "1-2"
    assert "your copy of 1-2" in header(client)
