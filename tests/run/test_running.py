"""`make stage-1` while it runs: ready when all answer, logs told apart, saves picked up."""

import re
import signal

import httpx
import pytest

MARKS = "01_celery_basics/archive/marks.py"


@pytest.fixture(scope="module")
def first_answers():
    """What web and workers answered at the moment of the ready line."""
    return {}


@pytest.fixture(scope="module")
def run(make_for_module, tree, wait_for, first_answers):
    run = make_for_module(tree, "stage-1").wait_until_ready(wait_for)
    first_answers["healthz"] = run.get("/healthz")
    first_answers["text"] = run.text()
    return run


def result_of_a_slow_task(run, wait_for):
    """Send a task of no seconds; return its result once a worker has written it.

    None while the web process is between two lives.
    """
    try:
        url = run.post("/slow/task/", seconds=0).json()["status_url"]
        return wait_for(lambda: run.get(url).json()["result"], what="the task's result")
    except httpx.TransportError:
        return None


def say(tree, words):
    """Save the slow job's file with another answer."""
    path = tree / MARKS
    text = re.sub(r'return f?".*"', f'return "{words}"', path.read_text())
    assert words in text
    path.write_text(text)


def test_at_the_ready_line_web_broker_and_workers_answer(run, first_answers):
    assert first_answers["healthz"].status_code == 200
    assert first_answers["healthz"].json() == {"database": "ok", "broker": "ok"}
    before = first_answers["text"].partition("Stage 1 is ready")[0]
    for worker in ("default", "slow"):
        assert re.search(rf"{worker}@\S+ ready\.", before), f"{worker} was not up"


def test_every_line_has_its_process_in_front_no_colour_and_few_come_before_the_address(run):
    before, _, after = run.text().partition("\nStage 1 is ready")
    lines = before.splitlines()
    told = [line for line in lines if re.match(r"(\w+) +\| ", line + " ")]
    assert {line.split()[0] for line in told} >= {"worker", "slowworker"}
    others = [line for line in lines if line not in told and line.strip()]
    assert others == ["Stage 1: starting web, worker, slowworker, beat ..."]
    assert len(lines) < 20
    assert "All lines: var/stage-1/logs/" in after
    assert "\033[" not in run.text()


def test_a_saved_task_is_what_the_worker_runs_next(run, tree, wait_for):
    assert result_of_a_slow_task(run, wait_for) == "The archive answered after 0 s."
    say(tree, "the saved answer")
    wait_for(lambda: "was saved: restarting" in run.text(), what="the restart's line")
    wait_for(
        lambda: result_of_a_slow_task(run, wait_for) == "the saved answer",
        what="the new answer",
    )


def test_a_saved_syntax_error_is_survived_and_the_next_save_mends_it(run, tree, wait_for):
    path = tree / MARKS
    good = path.read_text()
    path.write_text(good + "\ndef broken(:\n")
    wait_for(lambda: "Mend the file and save it again" in run.text(), what="the advice")
    told = [line for line in run.text().splitlines() if "SyntaxError" in line]
    assert len(told) == 1, told
    assert "(archive/marks.py, line 15). All of it: var/stage-1/logs/" in told[0]
    assert "Traceback" not in run.text()
    assert not run.ended
    path.write_text(good)
    say(tree, "mended")
    wait_for(
        lambda: result_of_a_slow_task(run, wait_for) == "mended",
        within=60,
        what="the mended answer",
    )


def test_a_worker_that_dies_after_a_save_still_ends_the_rest(run, wait_for):
    run.find("celery.*worker.*slow@").send_signal(signal.SIGKILL)
    assert run.wait(wait_for) == 1
    assert "slowworker |" in run.text()
    assert "A process of the stage has died: ending the rest." in run.text()
    wait_for(lambda: not run.processes(), what="every process to be gone")
