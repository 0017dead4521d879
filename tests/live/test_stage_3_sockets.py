"""Stage 3 as a program: two web processes, real Redis, real sockets."""

import json
import re
import time
from contextlib import ExitStack, closing, suppress

import pytest
import redis
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect as open_socket

from workbook.ports import free_port
from workbook.processes import Process


class Web:
    """A second web process of a run, on a port of its own."""

    def __init__(self, run, env=None, port=None):
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        environment = {**run.environment, "PORT": str(self.port), **(env or {})}
        command = ["sh", "-c", f"exec {run.commands['web']}"]
        log = run.state / "logs" / f"web-{self.port}.log"
        self.process = Process("web2", command, run.stage.folder, environment, log).start()

    def is_ready(self):
        import httpx

        try:
            return httpx.get(f"{self.url}/healthz", trust_env=False).status_code == 200
        except httpx.HTTPError:
            return False


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(3, env={"CHAT_LEASE": "3"})


@pytest.fixture(scope="module")
def start_web(run, wait_for):
    """A function that starts one more web process and returns it when it answers."""
    with ExitStack() as stack:

        def start(**options):
            web = Web(run, **options)
            stack.callback(web.process.stop)
            wait_for(web.is_ready, what="the second web process")
            return web

        yield start


@pytest.fixture(scope="module")
def second(start_web):
    return start_web()


class Socket:
    """A client. `read` gives the next frame's object, with a deadline."""

    def __init__(self, connection):
        self.connection = connection

    def say(self, content):
        text = content if isinstance(content, (str, bytes)) else json.dumps(content)
        self.connection.send(text)

    def read(self, timeout=20):
        return json.loads(self.connection.recv(timeout))

    def read_until(self, condition, timeout=20):
        """Return the first frame that fits; the others are dropped."""
        deadline = time.monotonic() + timeout
        while True:
            frame = self.read(deadline - time.monotonic())
            if condition(frame):
                return frame

    def read_to_the_end(self):
        """Return the frames that still come, and the server's close code (None: cut)."""
        frames = []
        with suppress(ConnectionClosed):
            while True:
                frames.append(self.read())
        return frames, self.connection.protocol.close_rcvd and self.connection.close_code


@pytest.fixture
def connect():
    """A function that connects to a socket of a web process; closed at the end."""
    with ExitStack() as stack:

        def connected(web, path, origin=None) -> Socket:
            address = web.url.replace("http", "ws", 1) + path
            connection = open_socket(
                address, origin=origin or web.url, proxy=None, max_queue=None
            )
            return Socket(stack.enter_context(connection))

        yield connected


def test_a_message_crosses_from_one_web_process_to_the_other(run, second, connect):
    ana = connect(run, "/ws/chat/crossing/")
    bruno = connect(second, "/ws/chat/crossing/")
    ana.say({"message": "hi"})
    assert bruno.read()["message"] == ana.read()["message"] == "hi"
    bruno.say({"message": "hello"})
    assert ana.read()["message"] == "hello"


def test_two_processes_with_the_layer_in_memory_do_not_hear_each_other(start_web, connect):
    webs = [start_web(env={"CHANNEL_LAYER": "memory"}) for _ in range(2)]
    ana, neighbour = [connect(webs[0], "/chat/") for _ in range(2)]
    bruno = connect(webs[1], "/chat/")
    ana.say({"x": 1})
    assert ana.read() == neighbour.read() == {"x": 1}
    bruno.say({"x": 2})
    assert bruno.read() == {"x": 2}  # and not the 1 before it
    with pytest.raises(TimeoutError):
        ana.read(timeout=0.5)
    for web in webs:
        web.process.stop()


def test_the_shared_socket_carries_any_object_unchanged(run, second, connect):
    ana, bruno = connect(run, "/chat/"), connect(second, "/chat/")
    text = '{"b": 1,  "a": [1.50, null, {"é": "<b>"}]}'
    ana.say(text)
    assert ana.connection.recv(20) == bruno.connection.recv(20) == text


def test_bad_frames_are_answered_and_the_connection_stays(run, connect):
    ana = connect(run, "/ws/chat/errors/")
    for bad in ("no json", "[]", "{}", '{"message": 1}', b"\x00\xff", "x" * 5000):
        ana.say(bad)
        assert set(ana.read()) == {"error"}, bad
    ana.say({"message": "still here"})
    assert ana.read()["message"] == "still here"


def test_a_flood_gets_an_error_and_the_close_4429(run, connect):
    flood, witness = [connect(run, "/ws/chat/flood/") for _ in range(2)]
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
def test_what_is_not_there_is_closed_with_4404(run, connect, path):
    nobody = connect(run, path)
    frames, code = nobody.read_to_the_end()
    assert [set(frame) for frame in frames] == [{"error"}]
    assert code == 4404


def test_a_foreign_origin_is_refused_at_the_handshake(run, connect):
    for path in ("/ws/chat/lobby/", "/chat/", "/ws/nothing/"):
        with pytest.raises(InvalidStatus, match="403"):
            connect(run, path, origin="https://other.example")


def test_a_late_comer_gets_the_last_fifty(run, connect, second):
    speakers = [connect(run, "/ws/chat/long/") for _ in range(4)]
    for number in range(60):
        speakers[number // 15].say({"message": f"{number}"})
        speakers[0].read_until(lambda frame, text=f"{number}": frame["message"] == text)
    late = connect(second, "/ws/chat/long/")
    heard = [late.read() for _ in range(50)]
    assert [frame["message"] for frame in heard] == [f"{n}" for n in range(10, 60)]
    assert all(frame["old"] for frame in heard)


def test_who_was_in_a_killed_process_is_gone_after_the_lease(run, start_web, connect):
    doomed = start_web()
    ana = connect(run, "/ws/chat/lease/?news=1&guest=aaaa")
    bruno = connect(doomed, "/ws/chat/lease/?guest=bbbb")
    ana.read_until(lambda frame: "guest-bbbb" in frame["here"])
    doomed.process.hurry()  # kill -9: nobody says goodbye
    assert bruno.read_to_the_end() == ([], None)
    frame = ana.read_until(lambda frame: "guest-bbbb" not in frame["here"])
    assert frame == {
        "event": "here", "name": "guest-aaaa", "here": ["guest-aaaa"], "count": 1
    }  # fmt: skip


def test_who_goes_while_messages_come_leaves_nothing_in_redis(run, connect, wait_for):
    server = redis.Redis.from_url(run.own["REDIS_URL"])
    for _ in range(3):
        sockets = [connect(run, "/ws/chat/lively/") for _ in range(11)]
        for number in range(15):
            sockets[0].say({"message": f"{number}"})
        sockets[0].read_until(lambda frame: frame["message"] == "5")
        for socket in sockets:
            socket.connection.close()
    with closing(server):
        channels = "stage3*"
        wait_for(lambda: not server.pubsub_channels(channels), what="an empty Redis")


def test_a_file_is_followed_while_it_grows_and_is_cut(run, connect, client_of):
    bell = run.state / "bell.log"
    bell.unlink(missing_ok=True)
    ana = connect(run, "/ws/follow/")
    assert client_of(run).post("/follow/ring/").status_code == 403  # no CSRF token
    with bell.open("a") as file:
        file.write("one\n")
    assert ana.read() == {"message": "one\n", "new": True}
    with bell.open("a") as file:
        file.write("two\n")
    assert ana.read() == {"message": "two\n", "new": False}
    bell.write_text("cut\n")
    assert ana.read() == {"message": "cut\n", "new": True}


def test_it_is_asgi_that_runs_and_no_traceback_was_written(run, client_of):
    client = client_of(run)
    assert client.get("/healthz").json() == {"database": "ok", "broker": "ok"}
    assert "ASGI" in client.get("/").text
    log = run.processes["web"].read_log()
    assert "Starting ASGI/Daphne" in log
    assert not re.search("Traceback|Exception", log), log
