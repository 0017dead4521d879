"""A large download costs no memory: measured at the web process, WSGI and ASGI."""

import sqlite3
import threading

import psutil
import pytest

from tests.released import Released
from workbook.stages import stage

STUDENTS = 200_000
NAME = "João " * 20  # 100 characters: the file has 25 MB
ALLOWED = 10  # MB that the web process may grow


@pytest.fixture(scope="module", params=[2, 3], ids=["stage 2, WSGI", "stage 3, ASGI"])
def run(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp(f"stage-{request.param}")
    with Released(stage(request.param), folder, only=("web",)) as run:
        fill(run)
        yield run


def fill(run):
    rows = ((NAME, 11 + number % 8) for number in range(STUDENTS))
    with sqlite3.connect(run.state / "db.sqlite3", timeout=20) as database:
        database.executemany("INSERT INTO students_student (name, age) VALUES (?, ?)", rows)
    database.close()


def web_process(run):
    """The process that answers on the run's port."""
    for process in psutil.Process().children(recursive=True):
        words = process.cmdline()
        if "runserver" in words and f"127.0.0.1:{run.port}" in words and "-c" not in words:
            return process
    raise AssertionError("the web process was not found")


def highest(process, action):
    """Return the highest memory of `process`, in MB, while `action()` runs."""
    done, seen = threading.Event(), []

    def watch():
        while not done.is_set():
            seen.append(process.memory_info().rss)
            done.wait(0.005)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        action()
    finally:
        done.set()
        watcher.join()
    return max(seen) / 1e6


def test_a_large_download_is_flat_in_memory(run, client_of):
    client, sizes = client_of(run), []

    def download():
        with client.stream("GET", "/reports/students/?format=csv") as answer:
            sizes.append(sum(len(piece) for piece in answer.iter_raw()))

    client.get("/feedback/")  # what any first request loads
    client.get("/reports/students/?format=xml")
    process = web_process(run)
    before = process.memory_info().rss / 1e6
    grown = highest(process, download) - before
    assert sizes[0] > 20e6
    assert grown < ALLOWED, f"{grown:.0f} MB more for a file of {sizes[0] / 1e6:.0f} MB"
