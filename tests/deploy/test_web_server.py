"""The last stage's production web: its Procfile's own line, under what hurts a server."""

import asyncio

import pytest

from benchmarks import web_servers
from workbook.run.stage_run import StageRun
from workbook.stages import FOLDERS, stage

LAST = max(FOLDERS)


@pytest.fixture
def web(tmp_path):
    """A function that starts the web as in production, with a school of this size."""
    runs = []

    def start(students: int) -> StageRun:
        run = StageRun(stage(LAST), tmp_path, lines="Procfile", only=("web",))
        runs.append(run)
        run.start()
        web_servers.fill(run, students)
        return run

    yield start
    for run in runs:
        run.stop()


def test_downloads_that_run_are_finished_after_sigterm(web):
    students = 120_000
    run = web(students)
    server = web_servers.listener(run.port)
    whole = asyncio.run(web_servers.whole_after_sigterm(run.port, server, students))
    assert whole == web_servers.READERS


def test_a_body_of_100_mb_is_refused_and_not_kept_in_memory(web):
    run = web(0)
    with web_servers.Peak(web_servers.listener(run.port)) as peak:
        assert web_servers.refuse_a_large_body(run.url, megabytes=100) == "413"
    assert peak.more < 40  # MB; a server that keeps the body needs a hundred


def test_answered_requests_leave_no_files_open(web):
    run = web(0)
    server = web_servers.listener(run.port)
    assert web_servers.most_files(run, server, requests=2_000) < 100
