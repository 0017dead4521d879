"""The bridge from a worker to the sockets."""

import asyncio
import time

import pytest
from channels.layers import get_channel_layer

from jobs import bridge


@pytest.fixture
def loops(monkeypatch):
    """The event loops in which messages were published."""
    seen = []

    async def publish(group, event):
        seen.append(asyncio.get_running_loop())

    monkeypatch.setattr(bridge, "_publish", publish)
    return seen


def test_the_messages_of_one_job_share_an_event_loop(loops):
    with bridge.kept_open():
        assert bridge.tell("group", {})
        assert bridge.tell("group", {})
        assert not loops[0].is_closed()
    assert loops[0] is loops[1]
    assert loops[0].is_closed()


def test_without_a_job_a_message_comes_alone(loops):
    with bridge.kept_open():
        pass
    assert bridge.tell("group", {})
    assert bridge.tell("group", {})
    assert loops[0] is not loops[1]


def fail_after_a_message():
    with bridge.kept_open():
        bridge.tell("group", {})
        raise KeyError("age")


def test_a_job_that_raises_leaves_no_loop_behind(loops):
    with pytest.raises(KeyError):
        fail_after_a_message()
    assert loops[0].is_closed()
    assert bridge.tell("group", {})


@pytest.mark.parametrize("kept", [True, False])
def test_news_that_redis_does_not_take_is_a_warning_and_no_error(monkeypatch, caplog, kept):
    async def publish(group, event):
        raise ConnectionRefusedError("no Redis")

    monkeypatch.setattr(bridge, "_publish", publish)
    if kept:
        with bridge.kept_open():
            assert bridge.tell("group-1", {}) is False
    else:
        assert bridge.tell("group-1", {}) is False
    assert "group-1" in caplog.text


def test_a_redis_that_is_frozen_holds_the_job_up_for_a_moment_only(monkeypatch):
    async def never(group, event):
        await asyncio.sleep(3600)

    monkeypatch.setattr(get_channel_layer(), "group_send", never)
    started = time.monotonic()
    assert bridge.tell("group", {}) is False
    assert time.monotonic() - started < 5
