"""Rooms of all kinds of names have a socket; other addresses have not."""

import random

FILE = "chat/steps/routing.py, ws/steps/async/"


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
            await socket.connect(timeout=5)
            await socket.send_json_to({"message": "is anybody there?"})
            found.append(await socket.receive_json_from(timeout=2))
            await socket.disconnect()
        except (TimeoutError, asyncio.CancelledError, AssertionError) as error:
            found.append({"error": type(error).__name__})
    return found


def test_rooms_of_all_names_answer(work):
    number = random.randint(10, 99)
    rooms = [f"physics{number}", f"class-{number}b", f"{number}.2", f"Física{number}"]
    others = ["/ws/steps/async/a/b/", "/ws/steps/echo/", "/ws/steps/json/x-1/", "/ws/no/"]
    answers = work.call(knock, [f"/ws/steps/async/{room}/" for room in rooms] + others)
    work.seen = dict(zip(others, answers[len(rooms) :], strict=True))
    for room, answer in zip(rooms, answers, strict=False):
        if answer.get("message") != "is anybody there?":
            work.unmet(f"The room {room!r} found no socket.", FILE, got=answer)


def test_what_is_not_one_room_does_not(work):
    if "error" not in work.seen["/ws/steps/async/a/b/"]:
        work.unmet("The address /ws/steps/async/a/b/ is more than one room.", FILE)


def test_the_other_sockets_are_where_they_were(work):
    for address in ("/ws/steps/echo/", "/ws/steps/json/x-1/"):
        if "message" not in work.seen[address]:
            work.unmet(f"The socket {address} has gone.", "chat/steps/routing.py")
    if "error" not in work.seen["/ws/no/"]:
        work.unmet(
            "An unknown address is answered as if it were a room.", "chat/steps/routing.py"
        )
