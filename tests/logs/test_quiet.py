"""What the terminal shows of the logs: tasks, not ticks; one line an error."""

import pytest

from workbook.logs.quiet import Quiet

TICK = "attendance.tasks.roll_call[8caee124-e8b6-4757-9204-6a398b809215]"
TASK = "archive.tasks.fetch_marks[0aa3e124-e8b6-4757-9204-6a398b809215]"
FAILED = """Traceback (most recent call last):
  File "/x/.venv/lib/python3.11/site-packages/celery/app/trace.py", line 479, in trace_task
    R = retval = fun(*args, **kwargs)
                 ^^^^^^^^^^^^^^^^^^^^
  File "/x/01_celery_basics/archive/clerk.py", line 24, in fetch_register
    raise ArchiveClosed(f"try {tries_before + 1}: nobody opened")
archive.clerk.ArchiveClosed: try 1: nobody opened
"""
CHAINED = f"""{FAILED}
The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/x/01_celery_basics/archive/tasks.py", line 28, in fetch_register
    raise self.retry(exc=error)
celery.exceptions.Retry: Retry in 1s: ArchiveClosed('try 1: nobody opened')
"""


def record(words, level="INFO", process="MainProcess"):
    return f"[2026-11-24 10:01:46,908: {level}/{process}] {words}"


@pytest.fixture
def clock():
    return [1000.0]


@pytest.fixture
def quiet(clock):
    return Quiet(lambda name: f"logs/{name}.log", lambda: clock[0])


def shown(quiet, name, text):
    answers = [quiet(name, line) for line in text.splitlines()]
    return [answer for answer in answers if answer is not None]


def idle(quiet, clock, minutes):
    """What an idle stage prints: the page asks, and the clock ticks every ten seconds."""
    lines = []
    for _ in range(minutes * 6):
        clock[0] += 10
        due = f"Scheduler: Sending due task roll-call ({TICK.partition('[')[0]})"
        lines += shown(quiet, "beat", record(due))
        lines += shown(quiet, "worker", record(f"Task {TICK} received"))
        lines += shown(quiet, "worker", record(f"Task {TICK} succeeded in 0.04s: 60"))
        for path in ("/attendance/roll-calls/", f"/api/tasks/{TICK[-37:-1]}/"):
            asked = f'[24/Nov/2026 10:00:29] "GET {path} HTTP/1.1" 200 34'
            lines += shown(quiet, "web", asked)
    return lines


def test_after_five_idle_minutes_the_addresses_are_within_the_last_ten_lines(quiet, clock):
    assert len(idle(quiet, clock, minutes=5)) < 10


def test_a_task_that_somebody_sent_is_shown_with_its_time(quiet, clock):
    idle(quiet, clock, minutes=1)
    received = shown(quiet, "worker", record(f"Task {TASK} received"))
    assert received == [f"10:01:46 Task {TASK} received"]


def test_a_tick_that_fails_is_shown(quiet, clock):
    idle(quiet, clock, minutes=1)
    failed = record(f"Task {TICK} raised unexpected: ArchiveClosed()", "ERROR")
    assert shown(quiet, "worker", f"{failed}\n{FAILED}") == [
        f"Task {TICK} failed: archive.clerk.ArchiveClosed: try 1: nobody opened "
        "(archive/clerk.py, line 24). All of it: logs/worker.log"
    ]


def test_a_retry_is_one_line_whatever_led_to_it(quiet):
    words = f"Task {TASK} retry: Retry in 1s: ArchiveClosed('try 1: nobody opened')"
    assert shown(quiet, "worker", f"{record(words)}\n{CHAINED}") == [f"10:01:46 {words}"]


def test_one_error_in_several_processes_is_told_once_and_later_again(quiet, clock):
    first = shown(quiet, "worker", CHAINED) + shown(quiet, "beat", FAILED)
    assert len(first) == 1
    clock[0] += 60
    assert len(shown(quiet, "slowworker", FAILED)) == 1


def test_the_same_failure_of_two_tasks_is_told_twice(quiet):
    failed = record(f"Task {TASK} raised unexpected: ArchiveClosed()", "ERROR")
    assert len(shown(quiet, "worker", f"{failed}\n{FAILED}" * 2)) == 2


def test_banners_are_left_out_and_what_one_prints_is_not(quiet):
    banner = " -------------- slow@vm v5.7.0\n- *** --- * ---\n[tasks]\n"
    assert shown(quiet, "worker", banner) == []
    started = "Performing system checks...\n\nQuit the server with CONTROL-C.\n"
    assert shown(quiet, "web", f"{started}my own print\n") == ["my own print"]
    printed = record("my own print", "WARNING", "ForkPoolWorker-1")
    assert shown(quiet, "worker", printed) == ["10:01:46 WARNING my own print"]
