"""Rooms of all kinds of names have a socket; other addresses have not."""

import random

FILE = "chat/routing.py, ws/steps/async/"


async def knock(addresses):
    """Inside the copy: open each address and say something; return what came back."""
    import asyncio

    from channels.routing import URLRouter
    from channels.testing import WebsocketCommunicator

    from config.routing import websocket_urlpatterns

    found = []
    for address in addresses:
        socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), address)
        try:
            await socket.connect()
            await socket.send_json_to({"message": "is anybody there?"})
            found.append(await socket.receive_json_from(timeout=2))
            await socket.disconnect()
        except (TimeoutError, asyncio.CancelledError, AssertionError) as error:
            found.append({"error": type(error).__name__})
    return found


def test_rooms_of_all_names_answer(work):
    number = random.randint(10, 99)
    rooms = [
        f"physics{number}",
        f"class-{number}b",
        f"{number}.2",
        f"Física{number}",
        "a b",
    ]
    answers = work.call(knock, [f"/ws/steps/async/{room}/" for room in rooms])
    for room, answer in zip(rooms, answers, strict=True):
        if answer.get("message") != "is anybody there?":
            work.unmet(f"The room {room!r} found no socket.", FILE, got=answer)


def test_what_is_not_one_room_does_not(work):
    (answer,) = work.call(knock, ["/ws/steps/async/a/b/"])
    if "error" not in answer:
        work.unmet("The address /ws/steps/async/a/b/ is more than one room.", FILE)


def test_the_other_sockets_are_where_they_were(work):
    answers = work.call(knock, ["/ws/steps/echo/", "/ws/steps/json/x-1/", "/ws/nowhere/"])
    if "message" not in answers[0] or "message" not in answers[1]:
        work.unmet("Another step's socket has gone.", "chat/routing.py", got=answers[:2])
    if "error" not in answers[2]:
        work.unmet(
            "An unknown address is answered as if it were a room.", "chat/routing.py"
        )
