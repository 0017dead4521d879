"""Who comes is in the group, who goes is not, and the others stay."""

import random

FILE = "chat/steps/async_group.py, disconnect"


async def come_and_go(room, come, go):
    """Inside the copy: some sockets come, some leave. Return who is in the group."""
    import asyncio
    import contextlib
    import json

    from channels.layers import get_channel_layer
    from channels.routing import URLRouter
    from channels.testing import WebsocketCommunicator
    from django.urls import path

    from chat.steps.async_group import AsyncConsumer

    app = URLRouter([path("<room>/", AsyncConsumer.as_asgi())])
    sockets = [WebsocketCommunicator(app, f"/{room}/") for _ in range(come)]
    for socket in sockets:
        await socket.connect(timeout=5)

    def seats():
        return sum(len(members) for members in get_channel_layer().groups.values())

    seen = {"before": seats()}
    codes = (1001, 1006, 1000)  # a tab that is closed, a line that breaks, a close()
    for socket, code in zip(sockets[2 : 2 + go], codes, strict=False):
        await socket.disconnect(code=code)
    seen["after"] = seats()
    await sockets[0].send_to(text_data=json.dumps({"message": room}))
    seen["heard"] = [await heard_by(sockets[n]) for n in (0, 1)]
    for n in (0, 1):
        with contextlib.suppress(asyncio.CancelledError):  # it had waited in vain
            await sockets[n].disconnect()
    return seen


async def heard_by(socket):
    """Return the message that comes, or what came instead of one."""
    import json

    try:
        return json.loads(await socket.receive_from(timeout=3))["message"]
    except TimeoutError:
        return "nothing"


def test_whoever_goes_leaves_the_group(work):
    room = f"room{random.randint(1, 9999)}"
    go = random.randint(1, 3)
    come = go + 2
    work.seen = work.call(come_and_go, room, come, go) | {"room": room}
    if work.seen["before"] != come:
        work.unmet(
            "Not all who came are in the group.",
            "chat/steps/async_group.py",
            wanted=f"{come} members",
            got=f"{work.seen['before']} members",
        )
    if work.seen["after"] < 2:
        work.unmet("Some have gone, and those who stay have lost their seats.", FILE)
    if work.seen["after"] != 2:
        work.unmet(
            "A socket that has gone is still in the group.",
            FILE,
            wanted="2 members",
            got=f"{work.seen['after']} members",
        )


def test_the_others_still_hear_each_other(work):
    if work.seen["heard"] != [work.seen["room"]] * 2:
        work.unmet(
            "The others do not hear each other any more.",
            FILE,
            wanted=[work.seen["room"]] * 2,
            got=work.seen["heard"],
        )
