"""The file is followed, the socket can be closed, and then nobody reads any more."""

import random

FILE = "follow/consumers.py"


async def follow(words):
    """Inside the copy: follow a file, hang up; return what was seen."""
    import asyncio
    import contextlib
    import json

    from channels.testing import WebsocketCommunicator
    from django.conf import settings

    from follow import following
    from follow.consumers import FollowConsumer

    following.LOOK_EVERY = 0.05
    reads = []
    honest = following.FollowedFile.read_new

    def read_new(self):
        reads.append(1)
        return honest(self)

    following.FollowedFile.read_new = read_new
    settings.FOLLOWED_FILE.parent.mkdir(parents=True, exist_ok=True)
    settings.FOLLOWED_FILE.write_text("")
    socket = WebsocketCommunicator(FollowConsumer.as_asgi(), "/")
    await socket.connect(timeout=5)
    seen = {"heard": [], "ended": False}
    for word in words:  # one after the other, with quiet times between
        with settings.FOLLOWED_FILE.open("a") as file:
            file.write(word)
        with contextlib.suppress(TimeoutError, asyncio.CancelledError):
            seen["heard"].append(
                json.loads(await socket.receive_from(timeout=3))["message"]
            )
        if seen["heard"][-1:] != [word]:
            break
        await asyncio.sleep(0.2)
    with contextlib.suppress(asyncio.CancelledError):
        await socket.send_input({"type": "websocket.disconnect", "code": 1001})
    for _ in range(40):
        await asyncio.sleep(0.05)
        seen["ended"] = seen["ended"] or socket.future.done()
        if seen["ended"]:
            break
    before = len(reads)
    await asyncio.sleep(0.3)
    return seen | {"later": len(reads) - before}


def test_what_is_added_to_the_file_arrives(work):
    words = [f"bell {random.randint(1000, 9999)}" for _ in range(random.randint(3, 5))]
    work.seen = seen = work.call(follow, words)
    if seen["heard"] != words:
        work.unmet(
            "What is added to the file does not arrive.",
            FILE,
            wanted=words,
            got=seen["heard"],
        )


def test_the_consumer_ends_when_its_client_has_gone(work):
    if not work.seen["ended"]:
        work.unmet("The client has gone, and the consumer did not end.", f"{FILE}, connect")


def test_nobody_goes_on_reading(work):
    if work.seen["later"] > 1:
        work.unmet(
            "The client has gone, and somebody goes on reading the file for it.",
            f"{FILE}, connect: who ends the task that you started?",
        )
