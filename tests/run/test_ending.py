"""However `make stage-1` ends, a running task finishes and no process is left."""

import os
import signal
import time

import pytest

from tests.run.making import FINISHED
from workbook.run.console import SAME_REQUEST
from workbook.waiting import wait_for

SECONDS = 3  # that the running task takes


def start_slow_task(run, wait_for, seconds=SECONDS):
    """Send a slow task and return its id as soon as a worker has it."""
    task = run.post("/slow/task/", seconds=seconds).json()
    state = wait_for(
        lambda: run.get(task["status_url"]).json()["state"] == "STARTED", what="its start"
    )
    assert state
    return task["task_id"]


def assert_the_task_finished(run, task_id):
    assert f"[{task_id}] succeeded in" in run.text(), run.text()


def assert_nothing_is_left(run, wait_for):
    wait_for(lambda: not run.processes(), what="every process to be gone")
    note = run.tree / "var" / "stage-1" / "run.json"
    assert not note.exists()


def test_ctrl_c_lets_the_task_finish_and_make_exits_0(make, tree, wait_for):
    run = make(tree, "stage-1", terminal=True).wait_until_ready(wait_for)
    assert "\033[36m" in run.text()  # in a terminal: colours
    run.press(b"\n")
    wait_for(
        lambda: run.text().count("Stage 1 is ready: ") == 2, what="the address, after Enter"
    )
    task = start_slow_task(run, wait_for)
    run.press(b"\x03")
    assert run.wait(wait_for) == 0
    assert_the_task_finished(run, task)
    assert "Traceback" not in run.text()
    assert_nothing_is_left(run, wait_for)


def test_a_second_ctrl_c_does_not_wait_for_the_task(make, small_tree, wait_for):
    run = make(small_tree, "stage-1", terminal=True).wait_until_ready(wait_for)
    task = start_slow_task(run, wait_for, seconds=10)
    run.press(b"\x03")
    wait_for(lambda: "Stopping" in run.text(), what="the first Ctrl-C's answer")
    answered = time.monotonic()
    wait_for(lambda: time.monotonic() > answered + SAME_REQUEST, what="a second's thought")
    run.press(b"\x03")
    assert run.wait(wait_for) == 0
    assert f"[{task}] succeeded" not in run.text()
    assert_nothing_is_left(run, wait_for)


def to_make(run, number):
    os.kill(run.make.pid, number)


def to_launcher(run, number):
    """Twice at once, as when the terminal and make both pass it on: one request."""
    launcher = run.launcher
    launcher.send_signal(number)
    if number != signal.SIGKILL:
        wait_for(lambda: "Stopping" in run.text(), what="the signal's answer")
        launcher.send_signal(number)


def to_group(run, number):
    os.killpg(run.make.pid, number)


# Each signal, each receiver; not each pair: a start is dear, and one handler serves all.
@pytest.mark.parametrize(
    ("send", "numbers"),
    [
        (to_make, (signal.SIGINT, signal.SIGKILL)),
        (to_launcher, (signal.SIGTERM, signal.SIGKILL)),
        (to_group, (signal.SIGHUP, signal.SIGINT)),
    ],
)
def test_after_a_signal_the_task_finishes_and_nothing_is_left(
    make, small_trees, wait_for, send, numbers
):
    runs = [
        make(tree, "stage-1", WEB_OPTIONS="--noreload")
        for tree in small_trees(len(numbers))
    ]
    for run in runs:
        run.wait_until_ready(wait_for)
    tasks = [start_slow_task(run, wait_for) for run in runs]
    for run, number in zip(runs, numbers, strict=True):
        send(run, number)
    for run, number, task in zip(runs, numbers, tasks, strict=True):
        run.wait(wait_for)
        wait_for(lambda run=run: not run.processes(), what=f"the end of all after {number}")
        assert (run.tree / "var" / "stage-1" / FINISHED).exists(), (number, run.text())
        assert "Traceback" not in run.text()
        if (send, number) == (to_launcher, signal.SIGKILL):
            continue  # it could neither print nor tidy up any more
        assert_the_task_finished(run, task)
        assert_nothing_is_left(run, wait_for)


@pytest.mark.parametrize(
    "pattern", ["manage.py runserver", "celery.*worker", "valkey-server|redis-server"]
)
def test_when_one_process_dies_the_rest_is_ended_and_make_fails(
    make, small_tree, wait_for, pattern
):
    run = make(small_tree, "stage-1", WEB_OPTIONS="--noreload").wait_until_ready(wait_for)
    run.find(pattern).send_signal(signal.SIGKILL)
    assert run.wait(wait_for) == 1
    assert "died: ending the rest" in run.text()
    assert_nothing_is_left(run, wait_for)
