"""`make doctor`, asked while a stage runs and while something is wrong."""

import signal
import socket

import pytest

from workbook.run.ports import HOST, free_port


@pytest.fixture
def doctor(make, small_tree, wait_for):
    """A function that asks the doctor; returns make's exit status and the lines."""

    def ask(**env) -> tuple[int, list[str]]:
        ports = {
            name: str(free_port())
            for name in ("PORT", "SMTP_PORT", "MAIL_UI_PORT", "ROOM_PORT", "FLOWER_PORT")
        }
        run = make(small_tree, "doctor", **ports | env)
        status = run.wait(wait_for)
        assert "Traceback" not in run.text()
        return status, run.text().splitlines()

    return ask


def saying(lines, *words):
    """The one line that has all these words."""
    found = [line for line in lines if all(word in line for word in words)]
    assert len(found) == 1, (words, lines)
    return found[0]


def test_on_a_machine_that_is_well_nothing_is_broken(doctor):
    status, lines = doctor()
    assert status == 0
    assert {line.split()[0] for line in lines} <= {"ok", "note"}
    saying(lines, "ok", "Python 3.")
    saying(lines, "ok", "runtime packages are as locked")
    saying(lines, "ok", "bundled Redis server starts and answers")
    saying(lines, "ok", "Free ports: ")
    saying(lines, "note", "No stage runs now: make stage-1")


def test_a_port_that_another_program_has_is_broken(doctor):
    with socket.create_server((HOST, 0)) as busy:
        port = str(busy.getsockname()[1])
        status, lines = doctor(PORT=port)
    assert status == 1
    line = saying(lines, f"Port {port} (the web page) is in use by another program")
    assert line.startswith("broken")
    assert f"set PORT={int(port) + 100}" in line


def test_a_redis_that_refuses_and_a_missing_key_are_broken(doctor):
    url = f"redis://{HOST}:{free_port()}"
    status, lines = doctor(REDIS_URL=url, DJANGO_DEBUG="0", CELERY_BROKER_URL="127:0.0.1")
    assert status == 1
    assert saying(lines, f"REDIS_URL={url}: refused").startswith("broken")
    assert saying(lines, "DJANGO_DEBUG=0 without DJANGO_SECRET_KEY").startswith("broken")
    assert saying(lines, "CELERY_BROKER_URL=127:0.0.1 is not an add").startswith("broken")
    assert lines[-1] == "3 broken: each line says what to do."


def test_the_running_stage_is_known_by_its_port_its_web_and_its_workers(
    doctor, make, small_tree, wait_for
):
    run = make(small_tree, "stage-1", WEB_OPTIONS="--noreload").wait_until_ready(wait_for)
    status, lines = doctor(PORT=str(run.port))
    assert status == 0, lines
    saying(lines, "ok", f"Port {run.port} is used by stage-1, which runs.")
    saying(lines, "ok", f"stage-1: WSGI answers at {run.url}/")
    saying(lines, "ok", "stage-1: workers alive: slow (queue slow).")

    worker = run.find("celery.*worker.*slow@")
    worker.send_signal(signal.SIGSTOP)
    status, lines = doctor(PORT=str(run.port))
    worker.send_signal(signal.SIGCONT)
    assert status == 1
    assert saying(lines, "stage-1: no worker is alive").startswith("broken")
