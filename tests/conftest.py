"""Real runs of the stages for the tests: one a module and stage, on free ports."""

import os
import shutil
import signal
from pathlib import Path

import httpx
import pytest

from tests.released import Released
from workbook.run.stage_run import StageRun
from workbook.stages import stage
from workbook.waiting import wait_for

CHROMIUM = (
    os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
)

PATIENCE = 30_000  # milliseconds that a page may take, on a busy machine


def pytest_configure():
    """Let SIGTERM end the tests as Ctrl-C does: with what they started stopped.

    A shell lets what it runs in the background ignore Ctrl-C, and so do its children.
    The programs under test shall hear it, wherever the tests run.
    """
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.default_int_handler)


@pytest.fixture(scope="session", name="wait_for")
def wait_for_fixture():
    return wait_for


@pytest.fixture(scope="module")
def start_stage(tmp_path_factory):
    """A function that starts a stage, start_stage(1, env={}), stopped at the end."""
    runs = []

    def start(number: int, **options) -> StageRun:
        run = Released(stage(number), tmp_path_factory.mktemp(f"stage-{number}"), **options)
        runs.append(run)
        return run.start()

    yield start
    for run in reversed(runs):
        run.stop()


@pytest.fixture(scope="module")
def client_of():
    """A function that gives an HTTP client for a run."""
    clients = []

    def client(run: StageRun) -> httpx.Client:
        clients.append(httpx.Client(base_url=run.url, timeout=60, trust_env=False))
        return clients[-1]

    yield client
    for made in clients:
        made.close()


@pytest.fixture(scope="module")
def chromium():
    """A real browser, headless; where there is none, the tests say so and are skipped."""
    if not CHROMIUM or not Path(CHROMIUM).exists():
        pytest.skip(
            "no Chromium found: install it, or name it in CHROMIUM, to run browser tests"
        )
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-background-networking", "--disable-sync"],
        )
        yield browser
        browser.close()
