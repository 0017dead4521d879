"""What job_progress.py measures, run as a worker would: in the stage, with its Django.

    python -m benchmarks.parts.job_worker pairs PAIRS STEPS OWNER
    python -m benchmarks.parts.job_worker steps none|ours|celery-progress STEPS OWNER
    python -m benchmarks.parts.job_worker many ROUNDS ID...
    python -m benchmarks.parts.job_worker pace ours|celery-progress ID SECONDS A_SECOND

Prints one line of JSON.
"""

import json
import sys
import time
import uuid

import django

django.setup()

from celery import current_app  # noqa: E402
from celery_progress.backend import ProgressRecorder  # noqa: E402
from django.contrib.auth import get_user_model  # noqa: E402

from jobs import bridge, progress  # noqa: E402
from jobs.models import Job  # noqa: E402


def step():
    """Work for some 45 µs."""
    sum(range(4_000))


@current_app.task(bind=True)
def with_recorder(self, steps):
    """The loop of celery-progress's own documentation."""
    recorder = ProgressRecorder(self)
    for done in range(1, steps + 1):
        step()
        recorder.set_progress(done, steps)


def with_reporter(job):
    report = progress.Reporter(job)
    with bridge.kept_open():  # as jobs/tasks.py does
        for done in range(1, job.total + 1):
            step()
            report(done)


def new_job(owner: str, total: int) -> Job:
    user = get_user_model().objects.get(username=owner)
    return progress.begin(Job.objects.create(owner=user, total=total).pk)


def steps(way: str, number: int, owner: str) -> dict:
    """Return the seconds and the processor's that so many steps took, and the writes."""
    job = new_job(owner, number)
    started, worked = time.perf_counter(), time.process_time()
    if way == "ours":
        with_reporter(job)
    elif way == "celery-progress":
        with_recorder.apply((number,), task_id=str(uuid.uuid4()), throw=True)
    else:
        for _ in range(number):
            step()
    seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    writes = Job.objects.get(pk=job.pk).seq - job.seq
    progress.succeed(job, "")
    return {"seconds": seconds, "cpu": cpu, "writes": writes}


def pairs(number: int, steps_each: int, owner: str) -> dict:
    """Return what `steps` does for each run with and each without reports, in turn."""
    found = {"none": [], "ours": []}
    for turn in range(number):
        for way in sorted(found, reverse=turn % 2):  # now this first, now that
            found[way].append(steps(way, steps_each, owner))
    return found


def pace(way: str, id: str, seconds: float, a_second: int) -> dict:
    """Report so many times a second, each time with the time of the report."""
    number = int(seconds * a_second)
    bridge.tell("nobody", {"type": "job.news"})  # what the first message alone costs
    for done in range(1, number + 1):
        time.sleep(1 / a_second)
        now = str(time.monotonic_ns())
        if way == "ours":
            progress.change({"pk": id}, done=done, message=now)
        else:
            meta = {"pending": False, "current": done, "total": number, "percent": 0}
            with_recorder.backend.store_result(id, meta | {"description": now}, "PROGRESS")
    return {"reports": number}


def many(rounds: int, *ids) -> dict:
    """Let all these jobs report in turn, each once a second, with the time of it."""
    apart = 1 / len(ids)  # seconds
    due = time.monotonic()
    for done in range(1, rounds + 1):
        last_round = time.monotonic()
        for id in ids:
            due += apart
            time.sleep(max(due - time.monotonic(), 0))
            progress.change({"pk": id}, done=done, message=str(time.monotonic_ns()))
    return {"reports": rounds * len(ids), "last_round": last_round}


if __name__ == "__main__":
    what, way, *words = sys.argv[1:]
    if what == "many":
        with bridge.kept_open():
            print(json.dumps(many(int(way), *words)))
    elif what == "pairs":
        print(json.dumps(pairs(int(way), int(words[0]), words[1])))
    elif what == "steps":
        print(json.dumps(steps(way, int(words[0]), words[1])))
    else:
        with bridge.kept_open():
            print(json.dumps(pace(way, words[0], float(words[1]), int(words[2]))))
