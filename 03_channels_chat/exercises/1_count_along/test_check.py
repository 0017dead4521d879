"""Two sockets of the echo, each with a count of its own."""

import random

FILE = "chat/steps/echo.py"


async def talk(turns):
    """Inside the copy: two sockets speak in turns; return what each heard."""
    import json

    from channels.testing import WebsocketCommunicator

    from chat.steps.echo import EchoConsumer

    sockets = [WebsocketCommunicator(EchoConsumer.as_asgi(), "/") for _ in "ab"]
    for socket in sockets:
        await socket.connect(timeout=5)
    heard = []
    for who, word in turns:
        await sockets[who].send_to(text_data=json.dumps({"message": word}))
        heard.append(json.loads(await sockets[who].receive_from(timeout=3)))
    for socket in sockets:
        await socket.disconnect()
    sockets = [WebsocketCommunicator(EchoConsumer.as_asgi(), "/")]
    await sockets[0].connect(timeout=5)  # one that comes when the others have gone
    await sockets[0].send_to(text_data=json.dumps({"message": "late"}))
    return [heard, json.loads(await sockets[0].receive_from(timeout=3))]


def test_the_echo_still_answers(work):
    turns = [[0, f"word {random.random()}"] for _ in range(random.randint(3, 5))]
    turns += [[random.randint(0, 1), f"word {random.random()}"] for _ in range(30)]
    turns.append([1, "the end"])
    heard, late = work.call(talk, turns)
    work.seen = {"turns": turns, "heard": heard, "late": late}
    for (_, word), answer in zip(turns, work.seen["heard"], strict=True):
        if answer.get("message") != word:
            work.unmet("The echo is wrong.", FILE, wanted=word, got=answer.get("message"))


def test_each_socket_counts_its_own_messages(work):
    counts = [0, 0]
    for (who, _), answer in zip(work.seen["turns"], work.seen["heard"], strict=True):
        counts[who] += 1
        got = answer.get("count")
        if got is None:
            work.unmet("The answer has no `count`.", f"{FILE}, receive")
        if not isinstance(got, int):
            work.unmet("The `count` is a text, not a number.", FILE, got=repr(got))
        if got != counts[who]:
            if got == sum(counts):
                what = "The count goes on from another socket's messages."
            else:
                what = "The echo does not count right."
            work.unmet(what, f"{FILE}: self", wanted=counts[who], got=got)
    if work.seen["late"].get("count") != 1:
        work.unmet(
            "The count goes on from another socket's messages: this one came when the "
            "others had gone.",
            f"{FILE}: self",
            wanted=1,
            got=work.seen["late"].get("count"),
        )
