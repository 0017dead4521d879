"""Stage 4 scaled out: two web processes, three workers, one of them killed at work."""

import asyncio
import csv
import os
import signal
from contextlib import AsyncExitStack

import pytest
from celery import Celery

from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process
from workbook.run.readiness import http_ok
from workbook.visitor import Visitor

# Seconds. A starved machine may keep a healthy worker silent for a while: not too short.
SECONDS = {"JOB_LEASE": "4", "JOB_QUEUE_LEASE": "4", "JOB_READ_AGAIN": "0.5"}
# name: its queue
WORKERS = {"default": "default", "jobs": "jobs", "second": "jobs", "slow": "slow"}
ROWS = 120


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(4, env=SECONDS)


def start_process(run, name, command, **env):
    """Start one more process of the run."""
    log = run.state / "logs" / f"{name}.log"
    words = ["sh", "-c", f"exec {command}"]
    env = {**run.environment, **env}
    run.processes[name] = Process(name, words, run.stage.folder, env, log).start()


@pytest.fixture(scope="module")
def second_url(run, wait_for):
    """The address of a second web process on the same Redis and database."""
    port = free_port()
    start_process(run, "web2", run.commands["web"], PORT=str(port))
    url = f"http://{HOST}:{port}"
    wait_for(lambda: http_ok(f"{url}/healthz"), what="the second web process")
    return url


@pytest.fixture(scope="module")
def ask(run, wait_for):
    """A function that asks all workers, ask("stats"): {name: answer}."""
    command = run.commands["jobworker"].replace("jobs@", "second@")
    assert command != run.commands["jobworker"]
    start_process(run, "second", command)

    def asked(question):
        with Celery(broker=run.redis_url, set_as_current=False) as app:
            inspect = app.control.inspect(timeout=10, limit=len(WORKERS))
            answers = getattr(inspect, question)() or {}
        return {node.partition("@")[0]: answer for node, answer in answers.items()}

    wait_for(lambda: set(asked("ping")) == set(WORKERS), 60, "four workers")
    return asked


@pytest.fixture(scope="module")
def first(run):
    return Visitor(run.url).login("ana", "classroom")


@pytest.fixture(scope="module")
def second(second_url):
    return Visitor(second_url).login("ana", "classroom")


def start_job(visitor, rows, pause_ms):
    answer = visitor.post("/jobs/", {"rows": rows, "pause_ms": pause_ms})
    assert answer.status_code == 202, answer.text
    return answer.json()


async def watch(visitor, jobs, within=100):
    """Return for each job all snapshots that a socket of this visitor gets to its end."""
    async with AsyncExitStack() as stack:
        sockets = [
            await stack.enter_async_context(visitor.socket(job["socket_url"]))
            for job in jobs
        ]
        ends = [
            socket.receive_until(lambda frame: frame.get("final"), within)
            for socket in sockets
        ]
        frames = await asyncio.gather(*ends)
    return [[frame for frame in heard if "state" in frame] for heard in frames]


def tells_the_truth(visitor, job, end):
    """Check the file, or that there is none, against what the last snapshot said."""
    assert visitor.get(job["status_url"]).json() == end
    file = visitor.get(job["file_url"])
    if end["state"] == "succeeded":
        numbers = [row[0] for row in csv.reader(file.text.splitlines()[1:])]
        assert numbers == [str(number) for number in range(1, end["total"] + 1)]
    else:
        assert (end["state"], file.status_code) == ("failed", 409)
        assert end["error"]


def test_three_workers_share_two_named_queues(ask):
    queues = {
        name: [queue["name"] for queue in listening]
        for name, listening in ask("active_queues").items()
    }
    assert queues == {name: [queue] for name, queue in WORKERS.items()}


def test_a_socket_on_one_web_sees_the_progress_of_a_job_of_the_other(ask, first, second):
    job = start_job(second, ROWS, 20)
    [snapshots] = asyncio.run(watch(first, [job]))
    steps = [snapshot["done"] for snapshot in snapshots]
    assert steps == sorted(steps)
    assert len([done for done in steps if 0 < done < ROWS]) >= 3, steps
    assert snapshots[-1]["state"] == "succeeded"
    tells_the_truth(first, job, snapshots[-1])
    assert first.get(job["file_url"]).text == second.get(job["file_url"]).text


def kill_at_work(ask, wait_for):
    """kill -9 the second default worker and its children; return the jobs it was at."""

    def at_work():
        return [task["args"][0] for task in ask("active").get("second", [])]

    wait_for(at_work, what="the second worker to be at work")
    stats = ask("stats")["second"]
    running = at_work()
    for pid in [stats["pid"], *stats["pool"]["processes"]]:
        os.kill(pid, signal.SIGKILL)  # the parent first: it must not start new children
    return running


def test_a_worker_killed_at_work_leaves_every_job_with_a_true_end(
    run, ask, first, second, wait_for
):
    jobs = [start_job(visitor, ROWS, 50) for visitor in (first, second) for _ in range(3)]

    async def kill_and_watch():
        killing = asyncio.to_thread(kill_at_work, ask, wait_for)
        return await asyncio.gather(killing, watch(first, jobs))

    running, heard = asyncio.run(kill_and_watch())
    assert run.processes["second"].wait(20) == 128 + signal.SIGKILL
    ends = {job["id"]: snapshots[-1] for job, snapshots in zip(jobs, heard, strict=True)}
    for job in jobs:
        tells_the_truth(second, job, ends[job["id"]])
    lost = [ends[job_id] for job_id in running]
    assert lost, "the killed worker was at no job"
    assert all(end["attempt"] > 1 for end in lost), lost
    assert {end["state"] for end in ends.values()} == {"succeeded"}
    assert first.get("/healthz").json() == second.get("/healthz").json()
