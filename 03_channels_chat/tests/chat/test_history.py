"""What is kept of a room."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat import history
from chat.models import Message
from chat.tasks import forget_old_messages

pytestmark = pytest.mark.django_db


def test_a_room_shows_its_last_messages_and_keeps_no_more_by_the_clock(monkeypatch):
    monkeypatch.setattr(history, "KEPT", 3)
    history.add("other", "ana", "elsewhere")
    for number in range(5):
        history.add("lobby", "ana", f"{number}")
    assert [row.text for row in history.last("lobby")] == ["2", "3", "4"]
    assert Message.objects.count() == 6
    assert forget_old_messages() == 2
    assert [row.text for row in history.last("lobby")] == ["2", "3", "4"]
    assert Message.objects.count() == 4


def test_a_message_is_kept_with_one_statement(django_assert_num_queries):
    with django_assert_num_queries(1):
        history.add("lobby", "ana", "hi")


def test_what_came_after_is_found_in_all_rooms():
    first = history.add("lobby", "ana", "1")
    rows = history.add_all([("lobby", "ana", "2"), ("other", "bruno", "3")])
    assert history.after(first.id) == rows
    assert history.newest() == rows[-1].id


def test_messages_of_last_week_are_forgotten_in_every_room():
    for room, days in (("lobby", 8), ("lobby", 6), ("other", 8)):
        row = history.add(room, "ana", f"{days} days old")
        Message.objects.filter(id=row.id).update(
            sent_at=timezone.now() - timedelta(days=days)
        )
    assert forget_old_messages() == 2
    assert [row.text for row in Message.objects.all()] == ["6 days old"]


def test_the_clock_says_when(settings):
    tasks = [entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()]
    assert forget_old_messages.name in tasks
