"""The socket that follows a file."""

import asyncio

import pytest

from follow import following

# Channels closes old database connections before each event, so it needs one.
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def bell(settings, tmp_path, monkeypatch):
    monkeypatch.setattr(following, "LOOK_EVERY", 0.02)
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


async def test_the_file_is_read_once_for_all_sockets(connect, bell, monkeypatch):
    readers = set()
    read_new = following.FollowedFile.read_new
    monkeypatch.setattr(
        following.FollowedFile,
        "read_new",
        lambda self: (readers.add(id(self)), read_new(self))[1],
    )
    clients = [await connect("/ws/follow/") for _ in range(5)]
    bell.write_text("one\n")
    for client in clients:
        assert await client.read() == {"message": "one\n", "new": True}
    late = await connect("/ws/follow/")
    assert await late.read() == {"message": "one\n", "new": True}
    bell.write_text("")  # it is cut, and looked at
    await asyncio.sleep(0.1)
    bell.write_text("two\n")
    for client in [*clients, late]:
        assert await client.read() == {"message": "two\n", "new": True}
    assert len(readers) == 1


async def test_whoever_missed_more_than_is_kept_begins_anew(bell, monkeypatch):
    monkeypatch.setattr(following, "MOST", 10)
    pieces = following.following().pieces()
    bell.write_text("12345678")
    assert await anext(pieces) == ("12345678", True)
    for text in ("9\n", "one\n", "two\n"):
        with bell.open("a") as file:
            file.write(text)
        await asyncio.sleep(0.1)  # it does not take these pieces
    assert await anext(pieces) == ("9\none\ntwo\n", False)
    with bell.open("a") as file:
        file.write("more than ten")
    await asyncio.sleep(0.1)
    assert await anext(pieces) == ("e than ten", True)
    await pieces.aclose()


async def test_nobody_reads_when_nobody_follows(connect, bell):
    bell.write_text("zero\n")
    client = await connect("/ws/follow/")
    assert await client.read() == {"message": "zero\n", "new": True}
    reading = following.following().reading
    await client.disconnect()
    await asyncio.wait_for(reading, 10)
    bell.write_text("one\n")
    again = await connect("/ws/follow/")
    assert await again.read() == {"message": "one\n", "new": True}


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
        following.FollowedFile, "read_new", lambda self: (slow.wait(20), ("", False))[1]
    )
    await connect("/ws/follow/")
    echo = await connect("/chat/")
    try:
        await echo.send_json_to({"message": "hi"})
        assert await asyncio.wait_for(echo.read(), 10) == {"message": "hi"}
    finally:
        slow.set()
