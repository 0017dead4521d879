"""The front page of stage 3."""

import pytest

pytestmark = pytest.mark.django_db


async def test_the_front_page_says_that_asgi_runs(async_client):
    assert ">ASGI</strong>" in (await async_client.get("/")).content.decode()


def test_the_front_page_says_so_when_it_is_not_asgi(client):
    assert ">WSGI</strong>" in client.get("/").content.decode()
