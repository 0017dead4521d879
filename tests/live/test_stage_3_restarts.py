"""Stage 3 while Redis or the web process is away for a while."""

import json

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect as open_socket


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(3, env={"CHAT_LEASE": "6"})


def connect(run, path):
    address = run.url.replace("http", "ws", 1) + path
    return open_socket(address, origin=run.url, proxy=None, max_queue=None)


def say(socket, text):
    socket.send(json.dumps({"message": text}))


def read(socket, timeout=20):
    return json.loads(socket.recv(timeout))


def is_delivered(socket, text):
    say(socket, text)
    return read(socket).get("message") == text


def test_sockets_hear_again_after_redis_was_away(run, wait_for):
    with connect(run, "/ws/chat/redis/") as ana, connect(run, "/ws/chat/redis/") as bruno:
        say(ana, "before")
        assert read(ana)["message"] == read(bruno)["message"] == "before"

        run.redis.stop()
        say(ana, "lost")
        assert "Not delivered" in read(ana)["error"]
        with connect(run, "/ws/chat/redis/") as late:
            assert "Redis does not answer" in read(late)["error"]
            with pytest.raises(ConnectionClosed):
                read(late)
            assert late.close_code == 4503

        run.redis.start()
        wait_for(lambda: is_delivered(ana, "after"), what="a delivery after the restart")
        # Said before the layer listened again? Then it comes with the next look.
        assert read(bruno)["message"] == "after"

    with connect(run, "/ws/chat/redis/") as late:
        assert [read(late)["message"] for _ in range(2)] == ["before", "after"]


def test_a_room_goes_on_after_the_web_process_was_restarted(run, wait_for):
    with connect(run, "/ws/chat/web/") as ana:
        say(ana, "before")
        read(ana)
        run.restart_process("web")
        with pytest.raises(ConnectionClosed):
            read(ana)
    run.wait_until_ready()
    with connect(run, "/ws/chat/web/") as ana:
        assert read(ana)["message"] == "before"
        say(ana, "after")
        assert read(ana)["message"] == "after"
