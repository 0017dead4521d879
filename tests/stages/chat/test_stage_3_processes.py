"""Stage 3 with several web processes: the layer between them, and one that is killed."""

from contextlib import ExitStack

import pytest

from tests.chat_clients import Web


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


@pytest.fixture(scope="module")
def start_webs(run, wait_for):
    """A function that starts more web processes and returns them when they answer."""
    with ExitStack() as stack:

        def start(number, **env):
            webs = [Web(run, env) for _ in range(number)]
            for web in webs:
                stack.callback(web.process.stop)
                wait_for(web.is_ready, 60, what="one more web process")
            return webs

        yield start


@pytest.fixture(scope="module")
def second(start_webs):
    return start_webs(1)[0]


def test_a_message_crosses_from_one_web_process_to_the_other(run, second, chat_socket):
    ana = chat_socket(run, "/ws/chat/crossing/")
    bruno = chat_socket(second, "/ws/chat/crossing/")
    ana.say({"message": "hi"})
    assert bruno.read()["message"] == ana.read()["message"] == "hi"
    bruno.say({"message": "hello"})
    assert ana.read()["message"] == "hello"


def test_the_shared_socket_carries_any_object_unchanged(run, second, chat_socket):
    ana, bruno = chat_socket(run, "/chat/"), chat_socket(second, "/chat/")
    text = '{"b": 1,  "a": [1.50, null, {"é": "<b>"}]}'
    ana.say(text)
    assert ana.connection.recv(20) == bruno.connection.recv(20) == text


def test_a_late_comer_gets_the_last_fifty(run, chat_socket, second):
    speakers = [chat_socket(run, "/ws/chat/long/") for _ in range(4)]
    for number in range(60):
        speakers[number // 15].say({"message": f"{number}"})
        speakers[0].read_until(lambda frame, text=f"{number}": frame["message"] == text)
    late = chat_socket(second, "/ws/chat/long/")
    heard = [late.read() for _ in range(50)]
    assert [frame["message"] for frame in heard] == [f"{n}" for n in range(10, 60)]
    assert all(frame["old"] for frame in heard)


def test_two_processes_with_the_layer_in_memory_hear_only_themselves(
    start_webs, chat_socket
):
    webs = start_webs(2, CHANNEL_LAYER="memory")
    ana, neighbour = [chat_socket(webs[0], "/chat/") for _ in range(2)]
    bruno = chat_socket(webs[1], "/chat/")
    ana.say({"x": 1})
    assert ana.read() == neighbour.read() == {"x": 1}
    bruno.say({"x": 2})
    assert bruno.read() == {"x": 2}  # and not the 1 before it
    with pytest.raises(TimeoutError):
        ana.read(timeout=0.5)
    for web in webs:
        web.process.stop()


def test_who_was_in_a_killed_process_is_gone_after_the_lease(run, start_webs, chat_socket):
    [doomed] = start_webs(1)
    ana = chat_socket(run, "/ws/chat/lease/?news=1&guest=aaaa")
    bruno = chat_socket(doomed, "/ws/chat/lease/?guest=bbbb")
    ana.read_until(lambda frame: "guest-bbbb" in frame["here"])
    doomed.process.hurry()  # kill -9: nobody says goodbye
    assert bruno.read_to_the_end() == ([], None)
    frame = ana.read_until(lambda frame: "guest-bbbb" not in frame["here"])
    assert frame == {
        "event": "here", "name": "guest-aaaa", "here": ["guest-aaaa"], "count": 1
    }  # fmt: skip
