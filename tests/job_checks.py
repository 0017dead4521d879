"""What holds for a job of stage 4 at its end, and a stage whose leases are short."""

import time
from contextlib import contextmanager

from celery import Celery

from tests.job_clients import is_whole, next_snapshot, open_socket, start_job

# Seconds: short, so that the tests are. The tests state their times in these.
LEASE, AGAIN = 3, 0.5
BUSY = 30  # what a busy machine may add to them
SHORT = {
    "JOB_LEASE": f"{LEASE}",
    "JOB_QUEUE_LEASE": "4",
    "JOB_READ_AGAIN": f"{AGAIN}",
    "JOB_SEND_AGAIN": "1",
    "JOB_REPORT_EVERY": "0.1",
}


@contextmanager
def running_job(run, client):
    """Start a job of about two seconds; yield it and its socket when it runs."""
    job = start_job(client, 400, 5)
    with open_socket(run, job["socket_url"], client) as socket:
        while next_snapshot(socket)["done"] < 20:
            pass
        yield job, socket


def deliver(run, job) -> str:
    """Send the job's task to the queue once more; return the delivery's task id."""
    with Celery(broker=run.redis_url, set_as_current=False) as app:
        return app.send_task("jobs.tasks.run_job", [job["id"]], queue="jobs").id


def the_end(socket, within: float) -> dict:
    """Return the final snapshot, which must come within so many seconds."""
    deadline = time.monotonic() + within
    while True:
        snapshot = next_snapshot(socket, max(deadline - time.monotonic(), 0.01))
        if snapshot["final"]:
            return snapshot


def files_of(run, job) -> list[str]:
    return [path.name for path in (run.state / "jobs").glob(f"{job['id']}-*")]


def check_success(run, client, job, rows=400):
    assert client.get(job["status_url"]).json()["state"] == "succeeded"
    assert is_whole(client.get(job["file_url"]).text, rows)
