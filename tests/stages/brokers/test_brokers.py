"""What Redis and RabbitMQ do with a task, seen: the facts of deploy/brokers.md."""

import json
import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import psutil
import pytest
import redis

from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process
from workbook.run.redis_server import RedisServer, server_binary

FOLDER = Path(__file__).parent


class Look:
    """A broker, a queue of our own on it, and the workers that we start."""

    def __init__(self, broker: str, folder: Path, visibility: float = 3600):
        self.broker = broker
        self.notes = folder / f"notes-{uuid.uuid4().hex[:8]}.txt"
        self.queue = f"look-{uuid.uuid4().hex[:8]}"
        self.env = {
            **os.environ,
            "LOOK_BROKER": broker,
            "LOOK_NOTES": str(self.notes),
            "LOOK_QUEUE": self.queue,
            "LOOK_VISIBILITY": str(visibility),
        }
        self.folder = folder
        self.workers: list[Process] = []

    def send(self, task: str, *args, **options):
        """Send from a process of its own: this one's Celery apps stay out of it."""
        code = (
            "import sys, json, broker_app; task, args, options = json.loads(sys.argv[1]);"
            "getattr(broker_app, task).apply_async(args, **options)"
        )
        words = [sys.executable, "-c", code, json.dumps([task, args, options])]
        subprocess.run(words, cwd=FOLDER, env=self.env, check=True, timeout=30)

    def worker(self) -> Process:
        name = f"w{len(self.workers)}-{self.queue}"
        words = [sys.executable, "-m", "celery", "-A", "broker_app", "worker"]
        words += [
            "-n",
            f"{name}@%h",
            "-Q",
            self.queue,
            "--pool",
            "solo",
            "--without-mingle",
        ]
        log = self.folder / f"{name}.log"
        self.workers.append(Process(name, words, FOLDER, self.env, log).start())
        return self.workers[-1]

    def lines(self) -> list[str]:
        return self.notes.read_text().splitlines() if self.notes.exists() else []

    def stop(self):
        for worker in self.workers:
            worker.ask_to_stop()
        for worker in self.workers:
            worker.stop()


def kill_busy(worker: Process):
    """kill -9 a solo worker, which answers nobody while it works: by the guard's child."""
    guard = psutil.Process(worker._guard.pid)
    os.kill(guard.children()[0].pid, 9)
    worker.wait(10)


@pytest.fixture(scope="module")
def redis_url(tmp_path_factory):
    server = RedisServer(tmp_path_factory.mktemp("redis"))
    server.start()
    yield f"{server.url}/0"
    server.stop()


@pytest.fixture(scope="module")
def rabbit_url():
    url = os.environ.get("RABBITMQ_URL")
    if not url:
        pytest.skip("RABBITMQ_URL names no RabbitMQ: what it does was not looked at")
    return url


@pytest.fixture
def look(tmp_path):
    made = []

    def make(broker, **options):
        made.append(Look(broker, tmp_path, **options))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def test_rabbitmq_gives_the_task_of_a_killed_worker_to_another_at_once(
    look, rabbit_url, wait_for
):
    rabbit = look(rabbit_url)
    first = rabbit.worker()
    rabbit.send("late", "a", 4)
    wait_for(lambda: rabbit.lines() == ["start a"], what="the task to start")
    rabbit.worker()
    first_gone = time.monotonic()
    kill_busy(first)
    wait_for(lambda: rabbit.lines().count("start a") == 2, what="the second delivery")
    assert time.monotonic() - first_gone < 10
    wait_for(lambda: rabbit.lines()[-1] == "end a", what="the end")


def test_redis_gives_it_to_another_only_when_the_visibility_timeout_is_over(
    look, redis_url, wait_for
):
    queue = look(redis_url, visibility=5)
    first = queue.worker()
    queue.send("late", "a", 1)
    wait_for(lambda: "start a" in queue.lines(), what="the task to start")
    kill_busy(first)
    killed = time.monotonic()
    queue.worker()
    wait_for(lambda: queue.lines().count("start a") == 2, what="the second delivery")
    assert time.monotonic() - killed > 3, "it came back before the timeout was over"


def test_redis_runs_a_task_twice_that_is_longer_than_the_visibility_timeout(
    look, redis_url, wait_for
):
    queue = look(redis_url, visibility=2)
    queue.worker()
    queue.worker()
    queue.send("late", "long", 6)
    wait_for(lambda: queue.lines().count("end long") >= 2, what="the second end")


def test_rabbitmq_runs_the_same_long_task_once(look, rabbit_url, wait_for):
    rabbit = look(rabbit_url, visibility=2)
    rabbit.worker()
    rabbit.worker()
    rabbit.send("late", "long", 6)
    rabbit.send("note", "after", countdown=9)
    wait_for(lambda: "end after" in rabbit.lines(), what="the later task")
    assert rabbit.lines().count("start long") == 1


@pytest.mark.parametrize(
    ("broker", "first", "last"), [("redis_url", 0, 9), ("rabbit_url", 9, 0)]
)
def test_priority_nine_is_last_on_redis_and_first_on_rabbitmq(
    request, look, wait_for, broker, first, last
):
    queue = look(request.getfixturevalue(broker))
    for word, priority in (("a", 0), ("b", 9), ("c", 0), ("d", 9)):
        queue.send("note", f"{word}{priority}", priority=priority)
    queue.worker()
    wait_for(lambda: sum(line.startswith("end") for line in queue.lines()) == 4)
    started = [line[-1] for line in queue.lines() if line.startswith("start")]
    assert started == [str(first)] * 2 + [str(last)] * 2


@pytest.mark.parametrize(("keeps", "waiting"), [("no", 0), ("yes", 3)])
def test_redis_keeps_waiting_tasks_over_its_restart_only_when_it_writes_to_disk(
    look, wait_for, tmp_path, keeps, waiting
):
    port = free_port()
    words = [server_binary(), "--bind", HOST, "--port", str(port), "--dir", str(tmp_path)]
    words += ["--save", "", "--appendonly", keeps]

    def start():
        server = Process("redis", words, tmp_path, None, tmp_path / "redis.log").start()
        wait_for(lambda: length() is not None, what="Redis to answer")
        return server

    def length():
        try:
            return redis.Redis(HOST, port, socket_timeout=1).llen(queue.queue)
        except redis.exceptions.RedisError:
            return None

    queue = look(f"redis://{HOST}:{port}/0")
    server = start()
    for word in "abc":
        queue.send("note", word)
    assert length() == 3
    server.stop()
    server = start()
    assert length() == waiting
    server.stop()
