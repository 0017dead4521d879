"""What has become of a task, by its id."""

import uuid

import pytest
from celery import current_app
from celery.exceptions import TimeLimitExceeded


def state_of(client, task_id):
    return client.get(f"/api/tasks/{task_id}/").json()


def keep(state, value):
    """Put a result into the result store, as a worker does; return its task's id."""
    task_id = str(uuid.uuid4())
    current_app.backend.store_result(task_id, value, state)
    return task_id


def test_an_id_that_nobody_knows_is_pending(client):
    task_id = str(uuid.uuid4())
    unknown = {"task_id": task_id, "state": "PENDING", "result": None, "error": None}
    assert state_of(client, task_id) == unknown


@pytest.mark.parametrize("task_id", ["abc", "1", "%00", "%FF", "0" * 31, "0" * 33])
def test_a_malformed_id_is_a_404_in_json(client, task_id):
    answer = client.get(f"/api/tasks/{task_id}/")
    assert answer.status_code == 404
    assert "not a task id" in answer.json()["detail"]


def test_a_result_is_shown_when_the_task_succeeded(client):
    task = state_of(client, keep("SUCCESS", {"students": 60}))
    assert (task["state"], task["result"], task["error"]) == (
        "SUCCESS",
        {"students": 60},
        None,
    )


@pytest.mark.parametrize(
    ("state", "error", "words"),
    [
        ("RETRY", LookupError("nobody opened"), "LookupError: nobody opened"),
        ("FAILURE", TimeLimitExceeded(3), "TimeLimitExceeded: 3"),
        ("FAILURE", ValueError(), "ValueError"),
    ],
)
def test_an_error_is_shown_with_its_name_and_words(client, state, error, words):
    task = state_of(client, keep(state, error))
    assert (task["state"], task["result"], task["error"]) == (state, None, words)


def test_a_state_can_be_read_and_not_written(client):
    assert client.post(f"/api/tasks/{uuid.uuid4()}/").status_code == 405
