"""Doors, seats and who may sit down."""

import random

FILE = "chat/steps/json_group.py"


async def visit(seats, room):
    """Inside the copy: fill rooms; return what happened at each door."""
    import json

    from channels.routing import URLRouter
    from channels.testing import WebsocketCommunicator
    from django.urls import path

    from chat.steps import json_group as module

    module.SEATS = seats
    app = URLRouter([path("<room>/", module.JsonConsumer.as_asgi())])

    async def come(name):
        """Return the socket and how it was received."""
        socket = WebsocketCommunicator(app, f"/{name}/")
        accepted, code = await socket.connect(timeout=5)
        if not accepted:
            return socket, {"in": False, "refused": True, "code": code}
        # Who has a seat hears what is said, oneself too.
        await socket.send_json_to({"message": f"I am in {name}"})
        if await socket.receive_nothing(timeout=2):
            return socket, {"in": True}
        event = await socket.receive_output()
        answer = json.loads(event.get("text") or "{}")
        if "message" in answer:
            return socket, {"in": True}
        if not await socket.receive_nothing(timeout=0.5):
            event = await socket.receive_output()
        await socket.disconnect()  # as a server does after the close
        return socket, {"in": False, "answer": answer, "code": event.get("code")}

    async def hears(socket, word):
        while not await socket.receive_nothing(timeout=2):
            if (await socket.receive_json_from()).get("message") == word:
                return True
        return False

    sockets, seen = [], {"first": []}
    for _ in range(seats):
        socket, how = await come(room)
        sockets.append(socket)
        seen["first"].append(how["in"])
    _, seen["late"] = await come(room)
    _, seen["later"] = await come(room)
    _, seen["elsewhere"] = await come(f"{room}-b")
    await sockets.pop().disconnect()
    newcomer, seen["after"] = await come(room)
    _, seen["again"] = await come(room)
    if seen["after"]["in"]:
        await newcomer.send_json_to({"message": room})
        seen["heard"] = await hears(sockets[0], room)
    seen["together"] = await come_together(app, f"{room}-c", seats + 2)
    return seen


async def come_together(app, name, many):
    """Return how many of those who come at the same moment are let in."""
    import asyncio

    from channels.layers import get_channel_layer
    from channels.testing import WebsocketCommunicator

    layer, honest = get_channel_layer(), get_channel_layer().group_add

    async def slow_group_add(group, channel):  # as over a network
        await asyncio.sleep(0.05)
        await honest(group, channel)

    layer.group_add = slow_group_add
    at_once = [WebsocketCommunicator(app, f"/{name}/") for _ in range(many)]
    await asyncio.gather(*(socket.connect(timeout=5) for socket in at_once))
    layer.group_add = honest
    inside = 0
    for socket in at_once:
        first = {} if await socket.receive_nothing() else await socket.receive_output()
        inside += "error" not in (first.get("text") or "")
    return inside


def test_whoever_finds_a_seat_is_let_in(work):
    seats, room = random.randint(2, 4), f"room{random.randint(1, 9999)}"
    work.seen = work.call(visit, seats, room) | {"seats": seats}
    if not all(work.seen["first"]):
        work.unmet(f"With {seats} seats not all of the first {seats} were let in.", FILE)


def test_whoever_comes_to_a_full_room_is_told_so(work):
    late = work.seen["late"]
    if late["in"]:
        work.unmet("One more came to a full room and was let in all the same.", FILE)
    if late.get("refused"):
        work.unmet(
            "The socket was closed before it was accepted: a browser sees 403, no reason.",
            f"{FILE}, connect",
        )
    if "error" not in late["answer"]:
        work.unmet("The frame has no `error`.", FILE, got=late["answer"])
    if late["code"] != 4409:
        work.unmet("The close code is not FULL.", FILE, wanted=4409, got=late["code"])


def test_one_who_was_turned_away_takes_and_frees_no_seat(work):
    if work.seen["later"]["in"]:
        work.unmet("A socket that was turned away freed a seat.", f"{FILE}, disconnect")


def test_each_room_counts_for_itself(work):
    if not work.seen["elsewhere"]["in"]:
        work.unmet("Nobody was let into another room, where all seats are free.", FILE)


def test_a_seat_becomes_free_when_its_socket_goes(work):
    if not work.seen["after"]["in"]:
        work.unmet("A seat does not become free when its socket goes.", FILE)
    if work.seen["again"]["in"]:
        work.unmet("One has gone and two were let in.", f"{FILE}, disconnect")
    if not work.seen["heard"]:
        work.unmet("The newcomer is not heard by the others.", FILE)


def test_two_who_come_at_the_same_moment_do_not_get_one_seat(work):
    if work.seen["together"] != work.seen["seats"]:
        work.unmet(
            "Some came at the same moment, and not as many were let in as there are seats.",
            f"{FILE}, connect: what happens between counting and taking?",
            wanted=work.seen["seats"],
            got=work.seen["together"],
        )
