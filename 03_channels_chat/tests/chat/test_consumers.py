"""The chat's sockets."""

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth import get_user_model
from django.db import InterfaceError
from django.test import Client as Browser

from chat import history, live_rooms, presence
from chat.rooms import group_of
from sockets.fan_out import hub

pytestmark = pytest.mark.django_db(transaction=True)


async def test_everybody_in_the_room_hears_the_message(connect):
    ana, bruno, other = [
        await connect(f"/ws/chat/{room}/") for room in ("lobby", "lobby", "other")
    ]
    await ana.send_json_to({"message": "<b>hi</b>"})
    frame = await bruno.read()
    assert frame["message"] == "<b>hi</b>"
    assert set(frame) == {"message", "name", "id", "at"}
    assert await ana.read() == frame
    assert await other.receive_nothing(timeout=0.05)


async def test_a_client_that_did_not_ask_for_news_gets_messages_only(connect):
    ana = await connect("/ws/chat/lobby/")
    bruno = await connect("/ws/chat/lobby/")
    await bruno.disconnect()
    assert await ana.receive_nothing(timeout=0.1)


async def test_a_late_comer_gets_the_last_messages_in_their_order(connect):
    for number in range(3):
        await database_sync_to_async(history.add)("lobby", "ana", f"{number}")
    late = await connect("/ws/chat/lobby/")
    heard = [await late.read() for _ in range(3)]
    assert [frame["message"] for frame in heard] == ["0", "1", "2"]
    assert all(frame["old"] for frame in heard)


async def test_news_say_who_comes_who_goes_and_who_is_here(connect):
    ana = await connect("/ws/chat/lobby/?news=1&guest=aaaa")
    welcome = {"event": "welcome", "name": "guest-aaaa", "here": ["guest-aaaa"], "count": 1}
    assert await ana.read() == welcome
    assert (await ana.read())["event"] == "join"  # her own
    bruno = await connect("/ws/chat/lobby/?guest=bbbb")
    frame = await ana.read()
    assert (frame["event"], frame["name"]) == ("join", "guest-bbbb")
    assert frame["here"] == ["guest-aaaa", "guest-bbbb"]
    await bruno.disconnect()
    frame = await ana.read()
    assert (frame["event"], frame["name"], frame["count"]) == ("leave", "guest-bbbb", 1)
    assert "message" not in frame


async def test_a_second_tab_neither_comes_nor_goes(connect):
    bruno = await connect("/ws/chat/lobby/?news=1&guest=bbbb")
    await bruno.read(), await bruno.read()
    first, second = [await connect("/ws/chat/lobby/?guest=aaaa") for _ in range(2)]
    assert (await bruno.read())["event"] == "join"
    await first.disconnect()
    assert await bruno.receive_nothing(timeout=0.1)
    await second.disconnect()
    assert (await bruno.read())["event"] == "leave"


async def test_a_signed_in_user_has_her_own_name_and_a_guest_cannot_take_it(connect):
    ana = await database_sync_to_async(get_user_model().objects.create_user)("ana")
    browser = Browser()
    await database_sync_to_async(browser.force_login)(ana)
    cookie = f"sessionid={browser.cookies['sessionid'].value}"
    signed_in = await connect("/ws/chat/lobby/", cookie=cookie)
    guest = await connect("/ws/chat/lobby/?guest=ana")
    await signed_in.send_json_to({"message": "hi"})
    assert (await guest.read())["name"] == "ana"
    await guest.send_json_to({"message": "hi"})
    await signed_in.read()
    assert (await signed_in.read())["name"].startswith("guest-")


async def test_a_message_said_while_one_arrives_is_shown_once(connect, monkeypatch):
    """Between the joining of the group and the reading of the history."""
    speaker = await connect("/ws/chat/lobby/?news=1")
    await speaker.read(), await speaker.read()  # welcome and join: it has arrived
    last = live_rooms.last_of

    async def slowly(room):
        row = await database_sync_to_async(history.add)("lobby", "ana", "in between")
        await hub().tell(group_of("chat", "lobby"), frames=[[row.id, "a second copy"]])
        assert await speaker.receive_from(20) == "a second copy"
        return await last(room)

    monkeypatch.setattr(live_rooms, "last_of", slowly)
    late = await connect("/ws/chat/lobby/")
    assert (await late.read())["message"] == "in between"
    assert await late.receive_nothing(timeout=0.1)
    assert (await speaker.read())["event"] == "join"
    assert await speaker.receive_nothing(timeout=0.1)


@pytest.mark.parametrize("frame", ["no json", '{"text": "hi"}', '{"message": 1}', "[]"])
async def test_a_bad_frame_is_answered_and_the_connection_stays(connect, frame):
    ana = await connect("/ws/chat/lobby/")
    await ana.send_to(text_data=frame)
    assert set(await ana.read()) == {"error"}
    await ana.send_to(bytes_data=b"\x00")
    assert "binary" in (await ana.read())["error"]
    await ana.send_json_to({"message": "x" * 4096})
    assert "4096" in (await ana.read())["error"]
    await ana.send_json_to({"message": "good"})
    assert (await ana.read())["message"] == "good"


async def test_too_many_frames_get_one_error_and_the_close(connect, settings):
    settings.CHAT_FRAMES_PER_SECOND = 3
    ana = await connect("/chat/")
    for _ in range(10):
        await ana.send_json_to({"message": "hi"})
    assert [await ana.read() for _ in range(3)] == [{"message": "hi"}] * 3
    assert "at most 3 frames a second" in (await ana.read())["error"]
    assert await ana.close_code() == 4429
    assert await ana.receive_nothing(timeout=0.05)


async def test_a_room_that_cannot_be_is_closed_with_the_reason(connect):
    nobody = await connect("/ws/chat/a room/")
    assert "only letters" in (await nobody.read())["error"]
    assert await nobody.close_code() == 4404
    await nobody.disconnect()
    assert presence.rooms_in_use() == []


@pytest.mark.parametrize("path", ["/", "/ws/", "/ws/nothing/", "/ws/chat/lobby"])
async def test_an_unknown_address_is_closed_and_not_a_traceback(connect, path):
    nobody = await connect(path)
    assert set(await nobody.read()) == {"error"}
    assert await nobody.close_code() == 4404


@pytest.mark.parametrize("origin", ["https://other.example", "null", "file://", "x"])
async def test_a_foreign_origin_is_refused_at_the_handshake(client_at, origin):
    accepted, _ = await client_at("/ws/chat/lobby/", origin=origin).connect()
    assert not accepted


async def test_a_program_that_names_no_origin_is_let_in(connect):
    program = await connect("/ws/chat/lobby/", origin=None)
    await program.send_json_to({"message": "hi"})
    assert (await program.read())["message"] == "hi"


async def test_any_object_reaches_everybody_unchanged(connect):
    ana, bruno = await connect("/chat/"), await connect("/chat/")
    text = '{"x": [1, 2.50, {"é": null}],  "message": 5}'
    await ana.send_to(text_data=text)
    assert await ana.receive_from(20) == await bruno.receive_from(20) == text
    await ana.send_to(text_data="[1]")
    assert set(await ana.read()) == {"error"}
    assert await bruno.receive_nothing(timeout=0.05)


async def test_a_message_that_may_not_have_been_heard_is_kept(
    connect, monkeypatch, settings
):
    settings.CHAT_LEASE = 3  # seconds; a third of it is from look to look
    ana, bruno = [await connect("/ws/chat/lobby/") for _ in range(2)]

    async def refused(group, message):
        raise ConnectionError("refused")

    monkeypatch.setattr(get_channel_layer(), "group_send", refused)
    await ana.send_json_to({"message": "hi"})
    assert "Not delivered" in (await ana.read())["error"]
    assert (await ana.read())["message"] == "hi"
    assert (await bruno.read())["message"] == "hi"
    assert await ana.receive_nothing(timeout=1.2)


async def test_the_look_goes_on_after_the_connection_was_lost(
    connect, monkeypatch, settings
):
    settings.CHAT_LEASE = 0.3  # seconds
    ana = await connect("/ws/chat/lobby/")
    await ana.send_json_to({"message": "I am in"})
    await ana.read()
    look, errors = live_rooms.rows_after, [InterfaceError("connection already closed")]

    async def after(number):
        if errors:
            raise errors.pop()
        return await look(number)

    monkeypatch.setattr(live_rooms, "rows_after", after)
    await database_sync_to_async(history.add)("lobby", "bruno", "dropped")
    assert (await ana.read())["message"] == "dropped"
    assert errors == []


@pytest.mark.parametrize(
    "origin",
    [
        "http://127.0.0.1:81",
        "https://127.0.0.1",
        "http://x.127.0.0.1",
        "http://127.0.0.1:x",
    ],
)
async def test_another_port_scheme_or_subdomain_is_foreign(client_at, origin):
    accepted, _ = await client_at("/ws/chat/lobby/", origin=origin).connect()
    assert not accepted


async def test_a_page_by_a_name_that_is_not_ours_is_foreign(client_at):
    client = client_at("/chat/", origin="http://evil.example", host="evil.example")
    accepted, _ = await client.connect()
    assert not accepted


async def test_pages_whose_forms_we_take_may_open_sockets(connect, settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://*.school.example"]
    await connect("/chat/", origin="https://rooms.school.example")


async def test_behind_a_proxy_the_scheme_is_what_it_says(connect, client_at, settings):
    settings.SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    proxied = {"x-forwarded-proto": "https"}
    await connect("/chat/", origin="https://127.0.0.1", headers=proxied)
    accepted, _ = await client_at("/chat/", headers=proxied).connect()
    assert not accepted


async def test_whoever_is_open_renews_the_lease_and_sees_others_lapse(connect, settings):
    settings.CHAT_LEASE = 1.5  # seconds
    presence.enter("lobby", "ghost")
    ana = await connect("/ws/chat/lobby/?news=1&guest=aaaa")
    assert (await ana.read())["here"] == ["ghost", "guest-aaaa"]
    assert (await ana.read())["event"] == "join"
    frame = await ana.read()
    assert (frame["event"], frame["here"]) == ("here", ["guest-aaaa"])


async def test_a_message_that_the_layer_dropped_comes_with_the_next_look(connect, settings):
    settings.CHAT_LEASE = 0.3  # seconds; a third of it is from look to look
    ana = await connect("/ws/chat/lobby/")
    await ana.send_json_to({"message": "heard"})
    await ana.read()
    await database_sync_to_async(history.add)("lobby", "bruno", "dropped")
    assert (await ana.read())["message"] == "dropped"
    assert await ana.receive_nothing(timeout=0.3)
