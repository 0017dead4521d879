"""Stage 3 as a program: what its sockets answer."""

import json
import re
from contextlib import closing, suppress
from functools import partial

import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as connect_to


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


@pytest.fixture(scope="module", autouse=True)
def said_before(run):
    """How much the web process had written before these tests; other modules share it."""
    return len(run.processes["web"].read_log())


@pytest.fixture
def connect(run, chat_socket):
    """A function that connects to a socket of the stage."""
    return partial(chat_socket, run)


def test_bad_frames_are_answered_and_the_connection_stays(connect):
    ana = connect("/ws/chat/errors/")
    for bad in ("no json", "[]", "{}", '{"message": 1}', b"\x00\xff", "x" * 5000):
        ana.say(bad)
        assert set(ana.read()) == {"error"}, bad
    ana.say({"message": "still here"})
    assert ana.read()["message"] == "still here"


def test_a_flood_gets_an_error_and_the_close_4429(connect):
    flood, witness = [connect("/ws/chat/flood/") for _ in range(2)]
    with suppress(ConnectionClosed):
        for number in range(2000):
            flood.say({"message": f"{number}"})
    frames, code = flood.read_to_the_end()
    assert code == 4429
    assert "Too fast" in frames[-1]["error"]
    heard = [witness.read()["message"] for _ in range(20)]
    assert heard == [f"{number}" for number in range(20)]


@pytest.mark.parametrize(
    "path", ["/", "/ws/nothing/", "/ws/chat/lobby", "/ws/chat/a%20room/", "/ws/chat/a/b/"]
)
def test_what_is_not_there_is_closed_with_4404(connect, path):
    nobody = connect(path)
    frames, code = nobody.read_to_the_end()
    assert [set(frame) for frame in frames] == [{"error"}]
    assert code == 4404


def test_a_foreign_origin_is_refused_at_the_handshake(connect):
    for path in ("/ws/chat/lobby/", "/chat/", "/ws/nothing/"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(path, origin="https://other.example")


def test_a_program_without_an_origin_talks_like_anybody(run):
    address = run.url.replace("http", "ws", 1) + "/ws/chat/lobby/"
    with connect_to(address, proxy=None) as program:
        program.send('{"message": "hi"}')
        assert json.loads(program.recv(20))["message"] == "hi"


def test_who_goes_while_messages_come_leaves_nothing_in_redis(run, connect, wait_for):
    server = redis.Redis.from_url(run.redis_url)
    for _ in range(3):
        sockets = [connect("/ws/chat/lively/") for _ in range(11)]
        for number in range(15):
            sockets[0].say({"message": f"{number}"})
        sockets[0].read_until(lambda frame: frame["message"] == "5")
        for socket in sockets:
            socket.connection.close()
    with closing(server):
        # What stays is the one channel by which the process itself listens.
        few = lambda: len(server.pubsub_channels("stage3*")) <= 1  # noqa: E731
        wait_for(few, what="an empty Redis")


def test_a_file_is_followed_while_it_grows_and_is_cut(run, connect, client_of):
    bell = run.state / "bell.log"
    bell.unlink(missing_ok=True)
    ana = connect("/ws/follow/")
    assert client_of(run).post("/follow/ring/").status_code == 403  # no CSRF token
    with bell.open("a") as file:
        file.write("one\n")
    assert ana.read() == {"message": "one\n", "new": True}
    with bell.open("a") as file:
        file.write("two\n")
    assert ana.read() == {"message": "two\n", "new": False}
    bell.write_text("cut\n")
    assert ana.read() == {"message": "cut\n", "new": True}


def test_it_is_asgi_that_runs(run, client_of):
    client = client_of(run)
    assert client.get("/healthz").json() == {"database": "ok", "broker": "ok"}
    assert ">ASGI<" in client.get("/").text
    assert "Starting ASGI/Daphne" in run.processes["web"].read_log()


def test_none_of_this_wrote_a_traceback(run, said_before):
    log = run.processes["web"].read_log()[said_before:]
    assert "/ws/nothing/" in log
    assert not re.search("Traceback|Exception", log), log
