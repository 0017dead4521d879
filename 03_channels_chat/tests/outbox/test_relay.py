"""Letters that nobody looks after."""

from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from feedback.tasks import email_feedback
from outbox import care, delivery, posting, relay
from outbox.mail_server import Refused
from outbox.models import Letter
from queueing.sending import BrokerDown

pytestmark = pytest.mark.django_db
State = Letter.State
LONG_AGO = timezone.now() - timedelta(hours=1)


def letter(state=State.WAITING, due=LONG_AGO, **fields):
    fields = {"task": email_feedback.name, "address": "ana@example.com"} | fields
    return Letter.objects.create(state=state, due=due, **fields)


@pytest.fixture
def sent(monkeypatch):
    """The ids of the letters that were queued."""
    ids = []
    monkeypatch.setattr(posting, "send", lambda task, pk, task_id: ids.append(pk))
    return ids


def down(*args, **options):
    raise BrokerDown("stopped")


def test_what_waits_past_its_time_is_queued_once(sent):
    late = letter()
    letter(due=timezone.now() + timedelta(minutes=1))
    letter(State.SENT)
    letter(State.FAILED)
    assert relay.send_what_waits() == 1
    assert relay.send_what_waits() == 0
    assert sent == [str(late.pk)]


def test_it_is_asked_for_less_and_less_often_but_within_ten_minutes(sent, settings):
    for sends, seconds in ((0, 30), (1, 60), (3, 240), (9, 600), (100, 600)):
        row = letter(sends=sends)
        relay.send_what_waits()
        row.refresh_from_db()
        assert abs((row.due - timezone.now()).total_seconds() - seconds) < 5
        assert row.sends == min(sends + 1, 100)


def test_a_worker_that_takes_it_starts_the_count_again(settings):
    settings.MAIL_PAUSE = 0
    row = letter(sends=7)
    email_feedback(str(row.pk))
    row.refresh_from_db()
    assert (row.state, row.sends) == (State.SENT, 0)


def test_a_broken_row_stops_no_other_one(sent):
    letter(task="no.such.task", due=LONG_AGO - timedelta(hours=1))
    whole = letter()
    assert relay.send_what_waits() == 1
    assert sent == [str(whole.pk)]


def test_while_the_queue_is_down_a_letter_keeps_its_turn(monkeypatch):
    row = letter()
    monkeypatch.setattr(posting, "send", down)
    assert relay.send_what_waits() == 0
    assert relay.overdue(State.WAITING).get() == row
    row.refresh_from_db()
    assert row.sends == 0


def test_a_letter_that_is_being_sent_for_too_long_is_in_doubt():
    stuck = letter(State.SENDING)
    letter(State.SENDING, due=timezone.now() + timedelta(minutes=1))
    assert relay.doubt_the_silent() == 1
    assert Letter.objects.get(state=State.DOUBT) == stuck


def test_a_worker_that_was_only_slow_ends_the_doubt(settings, monkeypatch):
    settings.MAIL_PAUSE = 0
    row = letter()
    monkeypatch.setattr(
        delivery, "hand_over", lambda mail: Letter.objects.update(state=State.DOUBT)
    )
    email_feedback(str(row.pk))
    row.refresh_from_db()
    assert row.state == State.SENT


def test_a_retry_is_written_down_before_it_is_published(monkeypatch, settings):
    row = letter()
    seen = []

    def reject(*args, **options):
        row.refresh_from_db()
        seen.append((row.due - timezone.now()).total_seconds())
        raise BrokerDown("it cannot be published")

    monkeypatch.setattr("celery.Task.retry", reject)
    email_feedback.push_request(args=(str(row.pk),))
    try:
        with pytest.raises(BrokerDown):
            email_feedback.retry(countdown=100)
    finally:
        email_feedback.pop_request()
    assert 125 < seen[0] < 131


@pytest.mark.django_db(transaction=True)
def test_nothing_is_queued_before_the_row_is_committed(sent):
    from django.db import transaction

    with transaction.atomic():
        row = posting.post(email_feedback, "ana@example.com", "Hello")
        assert sent == []
    assert sent == [str(row.pk)]


@pytest.mark.django_db(transaction=True)
def test_a_letter_that_a_worker_has_taken_is_not_withdrawn(monkeypatch):
    def frozen(task, pk, task_id):
        Letter.objects.update(state=State.SENDING)  # it had the task after all
        raise BrokerDown("frozen")

    monkeypatch.setattr(posting, "send", frozen)
    posting.post(email_feedback, "ana@example.com", "Hello")
    assert Letter.objects.get().state == State.SENDING


def test_what_a_mail_server_says_is_for_the_staff_alone(client, monkeypatch, settings):
    settings.MAIL_PAUSE = 0
    answer = "SMTPRecipientsRefused: 550 mailbox of internal.example is full"

    def refuse(mail):
        raise Refused(answer)

    monkeypatch.setattr(delivery, "hand_over", refuse)
    row = letter()
    with pytest.raises(Refused, match="internal") as refused:
        email_feedback(str(row.pk))
    assert "internal" not in str(refused.value.args)
    page = client.get(f"/reports/students/email/{row.pk}/").content.decode()
    assert "was not sent" in page
    assert "internal" not in page
    row.refresh_from_db()
    assert row.error == answer


@pytest.mark.parametrize("state", care.UNSENT)
def test_a_person_may_send_a_letter_again(
    sent, capsys, django_capture_on_commit_callbacks, state
):
    row = letter(state)
    call_command("letters")
    assert str(row.pk) in capsys.readouterr().out
    with django_capture_on_commit_callbacks(execute=True):
        call_command("letters", send=str(row.pk))
    assert sent == [str(row.pk)]


@pytest.mark.parametrize("letter_id", ["ana", "00000000-0000-0000-0000-000000000000"])
def test_a_letter_that_is_not_there_is_said(letter_id):
    with pytest.raises(CommandError, match="No letter"):
        call_command("letters", send=letter_id)
