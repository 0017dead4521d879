"""The staff's page of letters."""

import pytest
from django.contrib.auth import get_user_model

from feedback.tasks import email_feedback
from outbox import posting
from outbox.models import Letter

pytestmark = pytest.mark.django_db(transaction=True)
State = Letter.State


@pytest.fixture
def letter():
    return Letter.objects.create(
        address="eve@example.com",
        task=email_feedback.name,
        state=State.DOUBT,
        error="the line broke",
    )


@pytest.fixture
def teacher(client):
    client.force_login(get_user_model().objects.create(username="t", is_staff=True))
    return client


def test_a_teacher_sees_why_and_sends_it_again(teacher, letter, monkeypatch):
    sent = []
    monkeypatch.setattr(posting, "send", lambda task, pk, task_id: sent.append(pk))
    page = teacher.get("/letters/").content.decode()
    assert "the line broke" in page
    assert f"/letters/{letter.pk}/send/" in page
    assert teacher.post(f"/letters/{letter.pk}/send/").status_code == 302
    letter.refresh_from_db()
    assert (letter.state, sent) == (State.WAITING, [str(letter.pk)])


def test_what_is_sent_is_neither_shown_nor_sent_again(teacher, letter):
    Letter.objects.update(state=State.SENT)
    assert "eve@example.com" not in teacher.get("/letters/").content.decode()
    teacher.post(f"/letters/{letter.pk}/send/")
    letter.refresh_from_db()
    assert letter.state == State.SENT


def test_a_guest_is_sent_to_log_in_and_a_student_is_refused(client, letter):
    assert client.get("/letters/").headers["Location"].startswith("/accounts/login/")
    client.force_login(get_user_model().objects.create(username="ana"))
    assert client.get("/letters/").status_code == 403
    assert client.post(f"/letters/{letter.pk}/send/").status_code == 403
    letter.refresh_from_db()
    assert letter.state == State.DOUBT
