"""Stage 4 under fire: what other jobs, pauses and outages must not do to a job."""

import os
import signal
import sys
import time
from contextlib import contextmanager

import httpx
import psutil
import pytest

from tests.job_checks import BUSY, SHORT, check_success, files_of
from tests.job_clients import log_in, next_snapshot, open_socket, start_job
from workbook.run.processes import Process

LONG = {"rows": 3000, "pause_ms": 20}  # a minute
# A worker of one process that freezes itself, once, when it has just claimed a job.
FREEZING_WORKER = """
import os, signal
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"
from config.celery import app
import django
django.setup()
from django.db import connection

def freeze(execute, sql, *rest):
    done = execute(sql, *rest)
    if sql.startswith('UPDATE "jobs_job"'):
        connection.execute_wrappers.remove(freeze)
        os.kill(os.getpid(), signal.SIGSTOP)
    return done

connection.execute_wrappers.append(freeze)
app.worker_main(
    ["worker", "-Q", "jobs", "-n", "freezing@%h", "--pool", "solo", "-l", "INFO"]
)
"""


@pytest.fixture(scope="module")
def run(start_stage):
    env = {**SHORT, "JOB_QUEUE_LEASE": "1", "MAIL_PAUSE": "0"}
    return start_stage(4, env=env, only=("web", "worker", "jobworker", "beat"))


@pytest.fixture(scope="module")
def ana(run):
    return log_in(run, "ana")


@pytest.fixture
def long_jobs(ana):
    """Six jobs of a minute each, for two processes; cancelled afterwards."""
    jobs = [start_job(ana, LONG["rows"], LONG["pause_ms"]) for _ in range(6)]
    yield jobs
    for job in jobs:
        ana.post(f"{job['status_url']}cancel/")


def test_mail_does_not_wait_behind_long_jobs(run, ana, long_jobs, wait_for):
    wait_for(
        lambda: sum(ana.get(job["status_url"]).json()["done"] > 0 for job in long_jobs) > 1,
        what="two jobs to run",
    )
    began = time.monotonic()
    form = {"email": "ana@example.com", "message": "More books, please."}
    assert ana.post("/feedback/", data=form).status_code in (200, 202, 302, 303)
    with httpx.Client(base_url=run.inbox_url, trust_env=False) as inbox:
        wait_for(
            lambda: "More books" in inbox.get("/api/messages").text,
            within=30,
            what="the feedback's mail",
        )
    print(f"The mail came after {time.monotonic() - began:.1f} s.")
    roll_calls = run.processes["worker"].read_log().count("roll_call")
    wait_for(
        lambda: run.processes["worker"].read_log().count("roll_call") > roll_calls,
        within=30,
        what="the next roll call",
    )


@contextmanager
def freezing_worker(run):
    """Start the worker that freezes when it has claimed a job."""
    log = run.logs / "freezing.log"
    words = [sys.executable, "-c", FREEZING_WORKER]
    worker = Process("freezing", words, run.stage.folder, run.environment, log)
    worker.start()
    try:
        yield worker
    finally:
        worker.hurry()
        worker.stop()


def frozen_pid(worker) -> int:
    """Return the pid of a frozen process of this worker; 0 when none is frozen."""
    guard = psutil.Process(worker._guard.pid)
    frozen = [
        one.pid for one in guard.children(recursive=True) if one.status() == "stopped"
    ]
    return frozen[0] if frozen else 0


def attempts_begun(job, *logs) -> list[str]:
    """Return which attempts of this job the workers' logs say have begun."""
    lines = [line for log in logs for line in log.splitlines() if job["id"] in line]
    return [line.split("Attempt ")[1].split()[0] for line in lines if " begins" in line]


def test_a_worker_frozen_in_its_claim_does_not_take_over_the_next_attempt(
    run, ana, wait_for
):
    run.stop_process("jobworker")
    with freezing_worker(run) as freezing:
        wait_for(lambda: "ready." in freezing.read_log(), what="the freezing worker")
        job = start_job(ana, 400, 5)
        pid = wait_for(lambda: frozen_pid(freezing), what="the worker to freeze")
        run.start_process("jobworker")
        until = time.monotonic() + BUSY
        while time.monotonic() < until and ana.get(job["status_url"]).json()["attempt"] < 2:
            time.sleep(0.2)  # long enough for a rescue, where a rescue is possible
        os.kill(pid, signal.SIGCONT)
        wait_for(lambda: ana.get(job["status_url"]).json()["final"], what="the end")
        wait_for(lambda: len(files_of(run, job)) == 1, what="one file to be left")
    logs = freezing.read_log(), run.processes["jobworker"].read_log()
    begun = attempts_begun(job, *logs)
    assert begun
    assert len(begun) == len(set(begun)), f"two workers held one attempt: {begun}"
    check_success(run, ana, job)


def test_a_job_that_says_nothing_for_long_keeps_its_lease(start_stage):
    env = {"JOB_LEASE": "2", "JOB_READ_AGAIN": "0.5", "JOB_REPORT_EVERY": "60"}
    run = start_stage(4, env=env, only=("web", "jobworker"))
    client = log_in(run, "ana")
    job = start_job(client, 200, 40)  # eight seconds, of which only the first is told
    with open_socket(run, job["socket_url"], client) as socket:
        while not (end := next_snapshot(socket))["final"]:
            pass
    assert (end["state"], end["attempt"]) == ("succeeded", 1)


def test_after_an_outage_a_lost_message_is_sent_again_soon(run, ana, wait_for):
    run.stop_process("jobworker")
    run.redis.stop()
    try:
        job = start_job(ana, 50)
        outage = time.monotonic() + 12
        while time.monotonic() < outage:
            run.manage("rescue_jobs")  # what every watcher does, many times
    finally:
        run.redis.start()

    def sent():
        run.manage("rescue_jobs")
        return ana.get(job["status_url"]).json()["message"] == "Waiting for a worker."

    wait_for(sent, what="the job to be sent")
    run.redis.stop()  # and the message is lost: this Redis keeps nothing
    run.redis.start()
    run.start_process("jobworker")
    wait_for(
        lambda: ana.get(job["status_url"]).json()["state"] == "succeeded",
        within=BUSY,
        what="the job to be sent once more",
    )
    check_success(run, ana, job, rows=50)


def test_a_stray_file_is_left_alone_and_does_not_stop_the_sweep(run, ana):
    folder = run.state / "jobs"
    folder.mkdir(exist_ok=True)
    stray = folder / "backup-old.csv"
    rubbish = folder / "00000000-0000-4000-8000-000000000000-1.part"
    for path in (stray, rubbish):
        path.touch()
    done = run.manage("rescue_jobs")
    assert (done.returncode, stray.exists(), rubbish.exists()) == (0, True, False)
