"""Stage 1 as a program: real web, real workers, real Redis protocol."""

import pytest


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(1)


@pytest.fixture(scope="module")
def client(client_of, run):
    return client_of(run)


def test_the_report_is_answered_at_once_and_written_by_a_worker(client, wait_for):
    answer = client.post("/api/students/by-age/")
    assert answer.status_code == 202
    assert set(answer.json()) == {"task_id", "status_url"}

    def finished():
        task = client.get(answer.json()["status_url"]).json()
        return task if task["state"] == "SUCCESS" else None

    task = wait_for(finished, what="the report's task to succeed")
    assert task["result"] == {"file": "students-by-age.txt", "students": 60}
    lines = client.get("/reports/students-by-age.txt").text.splitlines()
    assert len(lines) == 60
    assert "Pedro, 14" in lines
