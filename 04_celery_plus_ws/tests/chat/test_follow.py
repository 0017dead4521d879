"""The socket that follows a file."""

import asyncio

import pytest

from follow import consumers

# Channels closes old database connections before each event, so it needs one.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bell(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(consumers, "LOOK_EVERY", 0.02)
    settings.FOLLOWED_FILE = tmp_path / "bell.log"
    return settings.FOLLOWED_FILE


def followers():
    return [
        task for task in asyncio.all_tasks() if "Consumer.follow" in repr(task.get_coro())
    ]


async def test_what_is_added_is_sent_and_nothing_else(connect, bell):
    client = await connect("/ws/follow/")
    assert await client.receive_nothing(timeout=0.1)  # no file yet
    bell.write_text("one\n")
    assert await client.read() == {"message": "one\n", "new": True}
    assert await client.receive_nothing(timeout=0.1)
    with bell.open("a") as file:
        file.write("two\n")
    assert await client.read() == {"message": "two\n", "new": False}


async def test_the_following_ends_with_the_socket(connect, bell):
    client = await connect("/ws/follow/")
    assert len(followers()) == 1
    await client.disconnect()
    await asyncio.sleep(0)
    assert followers() == []


async def test_a_slow_disk_does_not_hold_up_the_other_sockets(connect, monkeypatch):
    import threading

    slow = threading.Event()
    monkeypatch.setattr(
        consumers.FollowedFile, "read_new", lambda self: (slow.wait(20), ("", False))[1]
    )
    await connect("/ws/follow/")
    echo = await connect("/chat/")
    try:
        await echo.send_json_to({"message": "hi"})
        assert await asyncio.wait_for(echo.read(), 10) == {"message": "hi"}
    finally:
        slow.set()
