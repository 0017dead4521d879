"""The roll that beat has called."""

import pytest

from attendance import roll_call
from attendance.models import RollCall
from attendance.tasks import roll_call as roll_call_task
from students.models import Student

pytestmark = pytest.mark.django_db


def test_the_roll_counts_the_students_of_the_moment():
    assert roll_call_task() == 0
    Student.objects.create(name="Pedro", age=14)
    assert roll_call_task() == 1
    assert [call["students"] for call in roll_call.latest(5)] == [1, 0]


def test_only_the_newest_roll_calls_are_kept():
    for _ in range(roll_call.KEPT + 3):
        newest = roll_call.take_roll()
    assert RollCall.objects.count() == roll_call.KEPT
    assert RollCall.objects.first() == newest


def test_the_page_gets_the_last_five(client):
    for _ in range(7):
        roll_call.take_roll()
    calls = client.get("/attendance/roll-calls/").json()["roll_calls"]
    assert len(calls) == 5
    assert calls[0]["taken_at"] > calls[4]["taken_at"]


def test_beat_knows_the_task_by_its_name(settings):
    names = {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}
    assert roll_call_task.name in names


def test_a_call_that_comes_after_the_next_one_is_dropped(settings):
    entry = settings.CELERY_BEAT_SCHEDULE["roll-call"]
    assert entry["options"]["expires"] <= entry["schedule"]
