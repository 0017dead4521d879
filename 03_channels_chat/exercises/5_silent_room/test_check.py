"""Rooms of all kinds of names have a socket; other addresses have not."""

import random

FILE = "chat/steps/routing.py, ws/steps/async/"


async def knock(addresses, frame):
    """Inside the copy: open each address and send `frame`; return what came back."""
    import asyncio

    from channels.routing import URLRouter
    from channels.testing import WebsocketCommunicator

    from config.routing import websocket_urlpatterns

    found = []
    for address in addresses:
        socket = WebsocketCommunicator(URLRouter(websocket_urlpatterns), address)
        try:
            await socket.connect(timeout=5)
            await socket.send_to(text_data=frame)
            found.append(await socket.receive_json_from(timeout=2))
            await socket.disconnect()
        except (Exception, asyncio.CancelledError) as error:
            found.append({"error": "", "crash": f"{type(error).__name__}: {error}"})
    return found


def test_rooms_of_all_names_answer(work):
    number = random.randint(10, 99)
    rooms = [f"physics{number}", f"class-{number}b", f"{number}.2", f"Física{number}"]
    rooms += [
        f"room {number}",
        f"C++{number}",
        f"{number}%",
        f"a:b@{number}",
        f"数学{number}",
    ]
    strange = ["a/b/", "a/b", "a", "/", ""]
    wrong = [f"/ws/steps/async/{end}" for end in strange] + ["/x/ws/steps/async/a/"]
    others = [*wrong, "/ws/steps/echo/", "/ws/steps/json/x-1/", "/ws/no/"]
    addresses = [f"/ws/steps/async/{room}/" for room in rooms] + others
    answers = work.call(knock, addresses, '{"message": "is anybody there?"}', limit=20)
    work.seen = dict(zip(others, answers[len(rooms) :], strict=True)) | {"wrong": wrong}
    for room, answer in zip(rooms, answers, strict=False):
        if answer.get("message") != "is anybody there?":
            work.unmet(f"The room {room!r} found no socket.", FILE, got=answer)


def test_what_is_not_one_room_does_not(work):
    if "error" not in work.seen["/ws/steps/async/a/b/"]:
        work.unmet("The address /ws/steps/async/a/b/ is more than one room.", FILE)
    for address in work.seen["wrong"]:
        if "error" not in work.seen[address]:
            work.unmet(f"The address {address} is no room, and it is answered.", FILE)


def test_a_bad_frame_is_told_off_as_in_the_other_steps(work):
    (answer,) = work.call(knock, ["/ws/steps/async/physics/"], "no JSON")
    if "error" not in answer or "crash" in answer:
        work.unmet("A bad frame ends the socket: where is its Gate?", FILE, got=answer)


def test_the_other_sockets_are_where_they_were(work):
    for address in ("/ws/steps/echo/", "/ws/steps/json/x-1/"):
        if "message" not in work.seen[address]:
            work.unmet(f"The socket {address} has gone.", "chat/steps/routing.py")
    if "error" not in work.seen["/ws/no/"]:
        work.unmet(
            "An unknown address is answered as if it were a room.", "chat/steps/routing.py"
        )
