"""Timing Celery's four pools: each gets a worker, a queue and the same load."""

import secrets
import subprocess
import sys
import time
from contextlib import contextmanager

from celery import current_app
from celery.exceptions import TimeoutError as ResultTimeout
from celery.result import ResultSet
from django.conf import settings
from kombu import Exchange, Queue

from archive.tasks import fetch_marks
from queueing.sending import broker_errors, send

POOLS = ("prefork", "gevent", "threads", "solo")
PATIENCE = 60  # seconds for a worker to start, and to finish the load beyond its own time


class PoolFailed(Exception):
    """The worker of a pool did not start, or did not finish the load."""


def node(queue: str) -> str:
    """Return the name that the queue's worker has, and answers to."""
    return f"{queue}@pools"


def worker_command(pool: str, concurrency: int, queue: str) -> list[str]:
    """Return the words that start a worker of this pool on this queue."""
    command = [sys.executable, "-m", "labs.pool_worker"]
    command += ["-A", "config", "worker", "-Q", queue]
    command += ["--pool", pool, "-n", node(queue), "--loglevel", "ERROR"]
    if pool != "solo":  # solo does one task at a time, in the main process
        command += ["--concurrency", str(concurrency)]
    return [*command, "--without-mingle", "--without-gossip"]


@contextmanager
def worker(pool: str, concurrency: int, queue: str):
    """Run a worker while the block lasts; yield its statistics once it answers."""
    process = subprocess.Popen(
        worker_command(pool, concurrency, queue),
        cwd=settings.BASE_DIR,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        yield _first_answer(process, queue)
    finally:
        process.stdin.close()  # it ends its children itself
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        forget_queue(queue)


def forget_queue(name: str):
    """Take the queue off the broker, where it would stay for ever."""
    with broker_errors(), current_app.connection_for_write() as connection:
        queue = Queue(name, Exchange(name), name).bind(connection.default_channel)
        queue.declare()  # so that this process knows what belongs to it
        queue.delete()
        queue.exchange.delete()


def _first_answer(process, queue) -> dict:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with broker_errors():
            ask = current_app.control.inspect([node(queue)], timeout=0.5, limit=1)
            answers = ask.stats() or {}
        if node(queue) in answers:
            return answers[node(queue)]
    raise PoolFailed(f"the worker did not start (status {process.poll()})")


def time_pool(pool: str, tasks: int, seconds: float, concurrency: int) -> dict:
    """Send `tasks` waits of `seconds` to a new worker; return what was measured.

    `seconds` in the answer is from the first task sent to the last result there.
    Raises PoolFailed, or BrokerDown.
    """
    queue = f"pool-{pool}-{secrets.token_hex(4)}"
    with worker(pool, concurrency, queue) as statistics:
        started = time.perf_counter()
        results = ResultSet([send(fetch_marks, seconds, queue=queue) for _ in range(tasks)])
        try:
            with broker_errors():
                results.join_native(timeout=tasks * seconds + PATIENCE, propagate=False)
        except ResultTimeout:
            raise PoolFailed("the load was not finished in time") from None
        if not results.successful():
            raise PoolFailed(f"its tasks failed: {results[0].result!r}")
        taken = time.perf_counter() - started
    children = statistics["pool"].get("processes") or []
    return {
        "pool": pool,
        "at_once": 1 if pool == "solo" else concurrency,
        "processes": len(set(children) | {statistics["pid"]}),
        "seconds": round(taken, 2),
        "tasks_per_second": round(tasks / taken, 1),
    }
