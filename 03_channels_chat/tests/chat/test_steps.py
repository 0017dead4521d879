"""The four steps: who hears what."""

import asyncio

import pytest

# Channels closes old database connections before each event, so it needs one.
pytestmark = pytest.mark.django_db


GROUPS = ("group", "async", "json")


async def test_the_echo_answers_its_sender_alone(connect):
    ana, bruno = await connect("/ws/steps/echo/"), await connect("/ws/steps/echo/")
    await ana.send_json_to({"message": "hi"})
    assert await ana.read() == {"message": "hi"}
    assert await bruno.receive_nothing(timeout=0.05)


@pytest.mark.parametrize("step", GROUPS)
async def test_a_group_carries_the_message_to_all_of_its_room(connect, step):
    ana, bruno, other = [
        await connect(f"/ws/steps/{step}/{room}/") for room in ("a", "a", "b")
    ]
    await ana.send_json_to({"message": "hi"})
    assert await ana.read() == await bruno.read() == {"message": "hi"}
    assert await other.receive_nothing(timeout=0.05)


@pytest.mark.parametrize("step", ["echo", *(f"{group}/a" for group in GROUPS)])
async def test_a_bad_frame_is_answered_and_the_step_goes_on(connect, step):
    ana = await connect(f"/ws/steps/{step}/")
    await ana.send_to(text_data="no json")
    assert await ana.read() == {"error": "This is not JSON."}
    await ana.send_json_to({"message": "hi"})
    assert await ana.read() == {"message": "hi"}


async def test_a_step_left_by_one_serves_the_others(connect):
    ana, bruno = [await connect("/ws/steps/async/a/") for _ in range(2)]
    await bruno.disconnect()
    await ana.send_json_to({"message": "hi"})
    assert await asyncio.wait_for(ana.read(), 5) == {"message": "hi"}
