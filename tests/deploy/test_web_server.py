"""The last stage's production web: its Procfile's own line, under what hurts a server."""

import asyncio

import pytest

from benchmarks import web_servers
from workbook.run.stage_run import StageRun
from workbook.stages import FOLDERS, stage

LAST = max(FOLDERS)


STUDENTS = 120_000  # a download of some seconds for a slow reader


@pytest.fixture(scope="module")
def web(tmp_path_factory):
    """The web as in production. The last test ends it."""
    folder = tmp_path_factory.mktemp("web")
    with StageRun(stage(LAST), folder, lines="Procfile", only=("web",)) as run:
        yield run


@pytest.fixture
def server(web):
    return web_servers.listener(web.port)


def test_a_body_of_100_mb_is_refused_and_not_kept_in_memory(web, server):
    with web_servers.Peak(server) as peak:
        assert web_servers.refuse_a_large_body(web.url, megabytes=100) == "413"
    assert peak.more < 40  # MB; a server that keeps the body needs a hundred


def test_answered_requests_leave_no_files_open(web, server):
    assert web_servers.most_files(web, server, requests=1_000) < 100


def test_downloads_that_run_are_finished_after_sigterm(web, server):
    web_servers.fill(web, STUDENTS)
    whole = asyncio.run(web_servers.whole_after_sigterm(web.port, server, STUDENTS))
    assert whole == web_servers.READERS
