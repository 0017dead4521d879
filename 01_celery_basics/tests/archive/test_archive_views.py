"""The slow job in the request and outside it."""

import pytest

from archive import marks

JSON = "application/json"
pytestmark = pytest.mark.django_db


@pytest.fixture
def waits(monkeypatch):
    """The waits that were asked for, in seconds; nobody waits for them here."""
    asked = []
    monkeypatch.setattr(marks.time, "sleep", asked.append)
    return asked


def test_the_blocking_view_does_the_job_itself(client, waits):
    answer = client.post("/slow/blocking/", {"seconds": 2}, content_type=JSON)
    assert answer.json()["result"] == "The archive answered after 2 s."
    assert waits == [2]


def test_the_task_view_does_not_do_the_job(client, waits):
    answer = client.post("/slow/task/", {"seconds": 2}, content_type=JSON)
    assert answer.status_code == 202
    assert set(answer.json()) == {"task_id", "status_url", "seconds"}
    assert waits == []


@pytest.mark.parametrize(
    "body",
    [
        "{",
        "[]",
        "null",
        "[" * 5000,
        '{"seconds": NaN}',
        '{"seconds": "nan"}',
        '{"seconds": "inf"}',
        '{"seconds": 1e999}',
        '{"seconds": -1}',
        '{"seconds": 11}',
        '{"seconds": "long"}',
        '{"seconds": null}',
        '{"seconds": ' + "9" * 5000 + "}",
    ],
)
@pytest.mark.parametrize("address", ["/slow/blocking/", "/slow/task/"])
def test_a_senseless_wish_is_a_400_in_json(client, waits, address, body):
    answer = client.post(address, body, content_type=JSON)
    assert answer.status_code == 400
    assert answer.json()
    assert waits == []


def test_the_crowd_is_five_slow_tasks_and_a_quick_one_in_each_queue(client):
    sent = client.post("/slow/crowd/").json()
    links = [*sent["slow"], sent["quick_in_slow_queue"], sent["quick_in_default_queue"]]
    assert len({link["task_id"] for link in links}) == 7


@pytest.mark.parametrize("address", ["/slow/retry/", "/slow/limit/", "/slow/crowd/"])
def test_a_task_is_started_by_post_alone(client, address):
    assert client.get(address).status_code == 405
    assert client.post(address).status_code == 202
