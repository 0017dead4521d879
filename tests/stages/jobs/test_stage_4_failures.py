"""Whatever breaks, the job ends in a true state within a stated time: one file or none."""

import asyncio
import time

import pytest

from tests.job_checks import (
    AGAIN,
    BUSY,
    LEASE,
    SHORT,
    check_success,
    deliver,
    files_of,
    running_job,
    the_end,
)
from tests.job_clients import (
    kill,
    kill_group,
    log_in,
    next_snapshot,
    open_socket,
    start_job,
    watch_to_the_end,
    worker_pids,
)
from tests.job_storm import storm


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(4, env=SHORT, only=("web", "worker", "jobworker", "beat"))


@pytest.fixture(scope="module")
def ana(run):
    return log_in(run, "ana")


@pytest.fixture
def running(run, ana):
    """A job of about two seconds that is running, with its socket."""
    with running_job(run, ana) as (job, socket):
        yield job, socket


def test_a_job_whose_worker_child_is_killed_starts_again(run, ana, running):
    job, socket = running
    for child in worker_pids(run)[1]:
        kill(child)
    end = the_end(socket, within=LEASE + AGAIN + BUSY)
    assert (end["state"], end["attempt"]) == ("succeeded", 2)
    check_success(run, ana, job)
    run.manage("rescue_jobs")
    assert len(files_of(run, job)) == 1  # the killed attempt's half file was swept


def test_a_job_whose_whole_worker_is_killed_is_done_by_the_next_worker(run, ana, running):
    job, socket = running
    kill_group(worker_pids(run)[0])
    run.processes["jobworker"].wait(BUSY)
    run.start_process("jobworker")
    end = the_end(socket, within=LEASE + AGAIN + BUSY)
    assert (end["state"], end["attempt"]) == ("succeeded", 2)
    check_success(run, ana, job)


def test_a_job_goes_on_while_redis_restarts(run, ana, running, wait_for):
    job, socket = running
    run.redis.stop()
    before = ana.get(job["status_url"]).json()["seq"]
    wait_for(  # some reports find nobody
        lambda: ana.get(job["status_url"]).json()["seq"] > before + 1,
        what="the job that goes on without Redis",
    )
    run.redis.start()
    end = the_end(socket, within=2 + BUSY)
    assert (end["state"], end["attempt"]) == ("succeeded", 1)
    check_success(run, ana, job)


def test_the_page_finds_the_job_again_after_the_web_process_restarted(run, ana, running):
    job, socket = running
    last = next_snapshot(socket)
    run.restart_process("web")
    run.wait_until_ready()
    seen = watch_to_the_end(run, job["socket_url"], ana)
    assert seen.faults() == []
    assert seen.snapshots[0]["seq"] >= last["seq"]
    check_success(run, ana, job)


def test_a_socket_that_was_dropped_goes_on_where_the_job_is(run, ana, running):
    job, socket = running
    last = next_snapshot(socket)
    socket.socket.close()  # no farewell: as when a phone leaves the network
    seen = watch_to_the_end(run, job["socket_url"], ana)
    assert seen.faults() == []
    assert seen.snapshots[0]["seq"] >= last["seq"]


def test_a_task_that_is_delivered_twice_runs_once(run, ana, running, wait_for):
    job, socket = running
    again = deliver(run, job)
    end = the_end(socket, within=2 + BUSY)
    after_the_end = deliver(run, job)
    log = run.processes["jobworker"].read_log
    wait_for(
        lambda: all(f"{task}] succeeded" in log() for task in (again, after_the_end)),
        what="the worker to be done with both",
    )
    assert (end["state"], end["attempt"]) == ("succeeded", 1)
    check_success(run, ana, job)
    assert len(files_of(run, job)) == 1


def test_a_job_that_raises_ends_with_the_reason(run, ana, wait_for):
    empty = "from students.models import Student; Student.objects.all().delete()"
    assert run.manage("shell", "-c", empty).returncode == 0
    try:
        job = start_job(ana, 5)
        seen = watch_to_the_end(run, job["socket_url"], ana)
    finally:
        run.manage("seed_school")
    assert seen.faults() == []
    end = seen.snapshots[-1]
    assert end["state"] == "failed"
    assert end["error"] == "EmptySchool: The school has no students."
    answer = ana.get(job["file_url"])
    assert (answer.status_code, files_of(run, job)) == (409, [])


def test_an_error_that_may_pass_is_tried_three_times_in_words(run, ana):
    folder = run.state / "jobs"
    folder.mkdir(exist_ok=True)
    aside = folder.rename(run.state / "jobs-aside")
    folder.write_text("A file where the folder should be: no report can be written.")
    try:
        job = start_job(ana, 5)
        seen = watch_to_the_end(run, job["socket_url"], ana)
    finally:
        folder.unlink()
        aside.rename(folder)
    assert seen.faults() == []
    assert (seen.snapshots[-1]["state"], seen.snapshots[-1]["attempt"]) == ("failed", 3)
    log = [frame["log"] for frame in seen.lines]
    assert [line.partition(". ")[2] for line in log if "Trying again" in line] == [
        "Trying again in 1 s.",
        "Trying again in 2 s.",
    ]


def test_a_running_job_that_is_cancelled_stops_and_leaves_no_file(
    run, ana, running, wait_for
):
    job, socket = running
    assert ana.post(f"{job['status_url']}cancel/").status_code == 202
    assert the_end(socket, within=AGAIN + BUSY)["state"] == "cancelled"
    wait_for(lambda: not files_of(run, job), what="the half file to go")
    assert ana.get(job["file_url"]).status_code == 409


def test_a_queued_job_that_is_cancelled_never_runs(run, ana):
    run.stop_process("jobworker")
    try:
        job = start_job(ana, 50)
        with open_socket(run, job["socket_url"], ana) as socket:
            assert next_snapshot(socket)["state"] == "queued"
            assert ana.post(f"{job['status_url']}cancel/").status_code == 202
            assert the_end(socket, within=AGAIN + BUSY)["state"] == "cancelled"
    finally:
        run.start_process("jobworker")
        run.wait_until_ready()
    later = start_job(ana, 50)  # behind the cancelled one in the queue
    assert watch_to_the_end(run, later["socket_url"], ana).faults() == []
    assert ana.get(job["status_url"]).json()["attempt"] == 0
    assert files_of(run, job) == []


def test_a_job_submitted_while_redis_is_down_waits_and_then_runs(run, ana, wait_for):
    run.redis.stop()
    try:
        began = time.monotonic()
        job = start_job(ana, 50)
        assert time.monotonic() - began < 4
        snapshot = ana.get(job["status_url"]).json()
        assert (snapshot["state"], snapshot["final"]) == ("queued", False)
        assert "The job waits" in snapshot["message"]
        assert "The job waits" in ana.get("/", headers={"Accept": "text/html"}).text
    finally:
        run.redis.start()
    # Nobody watches: it is beat that finds the job, within its ten seconds.
    wait_for(
        lambda: ana.get(job["status_url"]).json()["state"] == "succeeded",
        what="the job to run after Redis is back",
    )
    check_success(run, ana, job, rows=50)


def test_when_all_breaks_together_every_socket_that_comes_back_knows_the_end(run, ana):
    after = asyncio.run(storm(run, ana, sockets=80, jobs=10))
    assert after.faults(run) == []
    assert after.came_back > 40  # or it was no storm
