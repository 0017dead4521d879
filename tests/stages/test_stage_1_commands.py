"""Stage 1's commands, against a real broker and real workers."""

import json
import subprocess
import sys

import psutil
import pytest


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(1, only=("web", "worker"))


def test_the_pools_are_timed_with_a_worker_each_and_waiting_overlaps_but_in_solo(run):
    words = ["--tasks", "8", "--seconds", "0.25", "--concurrency", "8", "--json"]
    words += ["--pools", "prefork", "gevent", "solo"]  # the lesson times all four
    measured = run.manage("time_pools", *words, timeout=110)
    assert measured.returncode == 0, measured.stderr
    rows = {row["pool"]: row for row in json.loads(measured.stdout)}
    assert list(rows) == ["prefork", "gevent", "solo"]
    alone = rows["solo"]["seconds"]
    assert alone >= 2  # one after the other
    assert all(row["seconds"] < 0.75 * alone for row in rows.values() if row["at_once"] > 1)
    assert [row["processes"] for row in rows.values()] == [9, 1, 1]


def test_both_frameworks_write_the_report_but_only_one_knows_of_the_rollback(run):
    compared = run.manage("compare_frameworks")
    assert compared.returncode == 0, compared.stderr
    lines = compared.stdout.splitlines()
    assert all("'students': 60" in line for line in lines[:2])
    assert lines[-2].split(maxsplit=1) == ["Celery", "ran all the same"]
    assert lines[-1].split(maxsplit=1) == ["django-tasks", "was rolled back with the rest"]


def test_a_killed_command_leaves_no_worker_behind(run, wait_for):
    command = [sys.executable, "manage.py", "time_pools", "--pools", "solo"]
    killed = subprocess.Popen(
        [*command, "--seconds", "10"], cwd=run.stage.folder, env=run.environment
    )
    try:
        [worker] = wait_for(
            lambda: psutil.Process(killed.pid).children(), what="the pool's worker"
        )
        wait_for(lambda: len(worker.cmdline()) > 3, what="its own command line")
    finally:
        killed.kill()
        killed.wait()
    wait_for(lambda: not worker.is_running() or ended(worker), what="the worker's end")


def ended(process) -> bool:
    """Whether it is gone, or a zombie that nobody has asked about yet."""
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
