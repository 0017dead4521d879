"""Stage 1 as a program: real web, real workers, real Redis protocol."""

import pytest


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(1)


@pytest.fixture(scope="module")
def client(client_of, run):
    return client_of(run)


@pytest.fixture
def follow(client, wait_for):
    """A function that polls a task until it ends; it returns the last answer."""

    def until_the_end(link, states=None):
        def ended():
            task = client.get(link["status_url"]).json()
            if states is not None and task["state"] not in states:
                states.append(task["state"])
            return task if task["state"] in ("SUCCESS", "FAILURE") else None

        return wait_for(ended, what=f"the end of task {link['task_id']}")

    return until_the_end


def test_the_report_is_answered_at_once_and_written_by_a_worker(client, follow):
    answer = client.post("/api/students/by-age/")
    assert answer.status_code == 202
    assert set(answer.json()) == {"task_id", "status_url"}

    task = follow(answer.json())
    assert task["result"] == {"file": "students-by-age.txt", "students": 60}
    lines = client.get("/reports/students-by-age.txt").text.splitlines()
    assert len(lines) == 60
    assert "Pedro, 14" in lines


def test_the_blocking_request_takes_as_long_as_the_job_and_the_task_does_not(
    client, follow
):
    blocking = client.post("/slow/blocking/", json={"seconds": 2})
    assert blocking.elapsed.total_seconds() >= 2

    offloaded = client.post("/slow/task/", json={"seconds": 2})
    assert offloaded.status_code == 202
    assert offloaded.elapsed.total_seconds() < 2
    assert follow(offloaded.json())["result"] == blocking.json()["result"]


def test_a_task_that_fails_twice_is_retried_and_succeeds(client, follow):
    states = []
    task = follow(client.post("/slow/retry/").json(), states)
    assert "RETRY" in states
    assert (task["state"], task["result"]) == ("SUCCESS", "The register came at try 3.")


def test_the_soft_limit_lets_the_task_tidy_up_and_the_hard_limit_does_not(client, follow):
    tidy = client.post("/slow/limit/").json()
    forced = client.post("/slow/limit/", json={"stubborn": True}).json()
    assert follow(tidy)["result"].startswith("Stopped at the soft limit")
    task = follow(forced)
    assert task["state"] == "FAILURE"
    assert "TimeLimitExceeded" in task["error"]


def test_a_task_that_runs_twice_awards_one_certificate_but_prints_two_sheets(
    client, follow
):
    answer = client.post("/certificates/twice/").json()
    assert len({task["task_id"] for task in answer["tasks"]}) == 4
    ended = [follow(task) for task in answer["tasks"]]
    assert [task["state"] for task in ended] == ["SUCCESS"] * 4
    assert sorted(task["result"] for task in ended[:2]) == [False, True]
    counts = client.get(f"/certificates/{answer['student']}/").json()
    assert counts == {"certificates": 1, "printouts": 2}


def test_a_crowd_in_the_slow_queue_does_not_hold_up_the_default_queue(client, follow):
    sent = client.post("/slow/crowd/").json()
    assert follow(sent["quick_in_default_queue"])["result"] == 60
    waiting = client.get(sent["quick_in_slow_queue"]["status_url"]).json()
    assert waiting["state"] == "PENDING"
    assert follow(sent["quick_in_slow_queue"])["result"] == 60
    first_wave = [follow(task)["state"] for task in sent["slow"][:2]]
    assert first_wave == ["SUCCESS", "SUCCESS"]


def test_beat_has_the_roll_called_again_and_again(client, wait_for):
    def twice():
        calls = client.get("/attendance/roll-calls/").json()["roll_calls"]
        return calls if len(calls) >= 2 else None

    calls = wait_for(twice, what="two roll calls")
    assert calls[0]["taken_at"] > calls[1]["taken_at"]
    assert calls[0]["students"] == 60


def test_the_slow_task_can_be_sent_from_the_shell_with_a_countdown(run, client, follow):
    code = (
        "from archive.tasks import fetch_marks; "
        "now = fetch_marks.delay(0.1); "
        "later = fetch_marks.apply_async((0.1,), countdown=2); "
        "print(now.get(timeout=40), later.state, later.id)"
    )
    shown = run.manage("shell", "--no-imports", "-c", code)
    words = shown.stdout.split()
    assert words[:-2] == ["The", "archive", "answered", "after", "0.1", "s."], shown.stderr
    assert words[-2] == "PENDING"
    assert (
        follow({"task_id": words[-1], "status_url": f"/api/tasks/{words[-1]}/"})["state"]
        == "SUCCESS"
    )
