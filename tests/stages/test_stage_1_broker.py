"""Stage 1 when the broker refuses, freezes and comes back, while nothing is restarted."""

import time
from contextlib import contextmanager

import psutil
import pytest

REFUSED, FROZEN = 1.5, 4  # seconds that an answer may take


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(1, only=("web", "worker"))


@pytest.fixture(scope="module")
def client(client_of, run):
    return client_of(run)


def call(client, method, path):
    """Return the answer and the seconds that it took."""
    started = time.monotonic()
    return client.request(method, path), time.monotonic() - started


def report_succeeds(client, wait_for):
    """Start a report; return its status address when a worker has written it."""
    link = client.post("/api/students/by-age/").raise_for_status().json()["status_url"]
    wait_for(lambda: client.get(link).json()["state"] == "SUCCESS", what="the report")
    return link


def expect_down(client, status_url, within):
    """Every address that needs the broker says so, in JSON and in time."""
    for method, path in [
        ("POST", "/api/students/by-age/"),
        ("POST", "/slow/task/"),
        ("GET", status_url),
        ("POST", "/api/students/by-age/"),  # again: a broken connection is not reused
    ]:
        answer, seconds = call(client, method, path)
        assert answer.status_code == 503, path
        assert "does not answer" in answer.json()["detail"]
        assert seconds < within, f"{method} {path} took {seconds:.1f} s"
    answer, seconds = call(client, "GET", "/healthz")
    assert answer.status_code == 503
    assert answer.json()["database"] == "ok"
    assert answer.json()["broker"].startswith("down")
    assert seconds < within


@contextmanager
def frozen(redis):
    """Stop the server's process in its tracks while the block lasts."""
    [server] = psutil.Process(redis.process._guard.pid).children()
    server.suspend()
    try:
        yield
    finally:
        server.resume()


def test_a_stopped_broker_is_a_503_at_once_and_is_forgotten_when_it_is_back(
    run, client, wait_for
):
    status_url = report_succeeds(client, wait_for)
    run.redis.stop()
    try:
        expect_down(client, status_url, REFUSED)
        assert client.get("/").status_code == 200
        assert client.get("/api/students/").status_code == 200
    finally:
        run.redis.start()
    report_succeeds(client, wait_for)
    assert client.get("/healthz").status_code == 200


def test_a_frozen_broker_is_a_503_in_time_and_is_forgotten_when_it_thaws(
    run, client, wait_for
):
    status_url = report_succeeds(client, wait_for)
    with frozen(run.redis):
        expect_down(client, status_url, FROZEN)
    report_succeeds(client, wait_for)
    assert client.get("/healthz").status_code == 200


def test_the_queue_keeps_the_work_while_no_worker_is_there(run, client, wait_for):
    run.stop_process("worker")
    sent = client.post("/api/students/by-age/").json()
    assert client.get(sent["status_url"]).json()["state"] == "PENDING"
    run.start_process("worker")
    wait_for(
        lambda: client.get(sent["status_url"]).json()["state"] == "SUCCESS",
        what="the report that waited for a worker",
    )
