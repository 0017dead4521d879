"""Whose sockets they are, and 500 of them that join at random moments."""

import asyncio
import json
import random
import subprocess
import sys
import uuid

import pytest
from websockets.exceptions import ConnectionClosed

from tests.job_clients import (
    CUT,
    is_whole,
    log_in,
    next_snapshot,
    open_socket,
    start_job,
    watch,
    watch_to_the_end,
)

JOBS = 40
SOCKETS = 500  # of each kind
ARRIVALS = 10.0  # seconds within which the sockets join; the jobs take about as long
PATIENCE = 3.0  # seconds that a naive socket gets after the last sound one has ended


@pytest.fixture(scope="module")
def run(start_stage):
    env = {"JOB_REPORT_EVERY": "0.1"}
    return start_stage(4, env=env, only=("web", "jobworker"))


@pytest.fixture(scope="module")
def ana(run):
    return log_in(run, "ana")


def close_code_of(run, path, client):
    """Return how the server closes a socket that may not be there, having said nothing."""
    seen = watch_to_the_end(run, path, client)
    assert (seen.snapshots, seen.lines) == ([], [])
    return seen.close_code


def test_a_submit_is_answered_before_any_worker_has_begun(run, ana):
    run.stop_process("jobworker")
    try:
        job = start_job(ana, 60)
        assert set(job) == {"id", "status_url", "socket_url", "file_url"}
        assert ana.get(job["status_url"]).json()["state"] == "queued"
        assert ana.get(job["file_url"]).status_code == 409
    finally:
        run.start_process("jobworker")
        run.wait_until_ready()
    assert watch_to_the_end(run, job["socket_url"], ana).faults() == []
    assert is_whole(ana.get(job["file_url"]).text, 60)


def test_only_the_owner_and_staff_see_a_job_and_ids_cannot_be_probed(run, ana):
    job = start_job(ana, 60)
    ghost = uuid.uuid4()
    bruno, teacher = log_in(run, "bruno"), log_in(run, "teacher")
    assert watch_to_the_end(run, job["socket_url"], teacher).faults() == []
    for path in ("/jobs/{}/", "/jobs/{}/file/"):
        theirs, never = (bruno.get(path.format(id)) for id in (job["id"], ghost))
        assert theirs.status_code == never.status_code == 404
        assert (theirs.content, theirs.headers) == (never.content, never.headers)
        assert teacher.get(path.format(job["id"])).status_code == 200
    theirs, never = (bruno.post(f"/jobs/{id}/cancel/") for id in (job["id"], ghost))
    assert (theirs.status_code, theirs.content) == (404, never.content)
    for kind in ("jobs", "naive"):
        assert close_code_of(run, f"/ws/{kind}/{job['id']}/", bruno) == 4404
        assert close_code_of(run, f"/ws/{kind}/{ghost}/", bruno) == 4404
    assert close_code_of(run, job["socket_url"], None) == 4401
    assert job["id"] not in bruno.get("/jobs/").text
    assert job["id"] in teacher.get("/jobs/").text


def test_logging_out_closes_the_sockets_of_the_user(run):
    bruno = log_in(run, "bruno")
    job = start_job(bruno, 3000, 10)
    with open_socket(run, job["socket_url"], bruno) as socket:
        next_snapshot(socket)
        bruno.post("/accounts/logout/")
        with pytest.raises(ConnectionClosed):
            all(not next_snapshot(socket)["final"] for _ in range(1000))
        assert socket.close_code == 4401


def test_frames_from_the_client_do_no_harm(run, ana):
    job = start_job(ana, 200, 5)
    with open_socket(run, job["socket_url"], ana) as socket:
        for frame in (
            "no JSON {",
            "[1]",
            '{"state": "succeeded"}',
            b"\x00\xff",
            "x" * 9999,
        ):
            socket.send(frame)
        states = []
        while not states or not states[-1]["final"]:
            frame = json.loads(socket.recv(20))
            states += [frame] if "seq" in frame else []
    assert states[-1]["state"] == "succeeded"
    assert is_whole(ana.get(job["file_url"]).text, 200)


def test_a_worker_under_gevent_is_refused_with_the_reason(run):
    command = [sys.executable, "-m", "celery", "-A", "config", "worker", "--pool", "gevent"]
    done = subprocess.run(
        command,
        cwd=run.stage.folder,
        env=run.environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "Stage 4 does not run under gevent" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.fixture(scope="module")
def seen(run):
    """What the sockets received: a busy hour of a school, in a few seconds."""
    return asyncio.run(a_busy_hour(run))


async def a_busy_hour(run):
    dice = random.Random(2026)
    client = log_in(run, "ana")
    jobs = []
    for _ in range(JOBS):  # more than the two workers can begin at once
        rows = dice.randint(50, 350)
        jobs.append((rows, start_job(client, rows, pause_ms=2)))
    all_ended, door = asyncio.Event(), asyncio.Semaphore(20)

    async def join(kind, job, delay):
        await asyncio.sleep(delay)
        until = all_ended if kind == "naive" else None
        return await watch(run, f"/ws/{kind}/{job['id']}/", client, door, until)

    sound, naive = [], []
    for number in range(SOCKETS):
        delay = dice.uniform(0, ARRIVALS)
        about = JOBS * delay / ARRIVALS  # which job's turn it may be by then
        index = dice.gauss(about, 4) if number % 2 else dice.uniform(0, JOBS)
        job = jobs[min(max(int(index), 0), JOBS - 1)][1]
        sound.append(asyncio.create_task(join("jobs", job, delay)))
        naive.append(asyncio.create_task(join("naive", job, delay)))
    sound = await asyncio.gather(*sound)
    asyncio.get_running_loop().call_later(PATIENCE, all_ended.set)
    return client, jobs, sound, await asyncio.gather(*naive)


def test_each_of_500_sockets_gets_growing_states_and_the_end_exactly_once(seen):
    _, _, watched, _ = seen
    assert len(watched) == SOCKETS
    faults = [one.faults() for one in watched if one.faults()]
    assert faults == []
    assert sum(one.cuts for one in watched) <= SOCKETS // 20  # or it was not our end


def test_they_did_join_before_during_and_after_their_jobs(seen):
    _, _, watched, _ = seen
    first = [one.snapshots[0]["state"] for one in watched]
    counts = {state: first.count(state) for state in set(first)}
    print("Joined:", counts)
    assert min(counts[state] for state in ("queued", "running", "succeeded")) >= 1, counts


def test_every_job_has_succeeded_and_every_file_is_whole(seen):
    client, jobs, _, _ = seen
    assert len(jobs) == JOBS
    for rows, job in jobs:
        assert client.get(job["status_url"]).json()["state"] == "succeeded"
        assert is_whole(client.get(job["file_url"]).text, rows)


def test_of_500_naive_sockets_many_never_learn_the_end(seen):
    _, _, sound, naive = seen
    lost = [one for one in naive if not one.saw_the_end]
    twins = zip(sound, naive, strict=True)  # the same job, the same moment
    in_time = [bad for good, bad in twins if not good.snapshots[0]["final"]]
    unlucky = sum(not one.saw_the_end for one in in_time)
    print(f"Naive sockets that never saw the end: {len(lost)} of {len(naive)};")
    print(f"{unlucky} of the {len(in_time)} that came before the end.")
    assert {one.close_code for one in naive} <= {1000, CUT}  # none was lost by an error
    assert SOCKETS // 20 <= len(lost) < SOCKETS
