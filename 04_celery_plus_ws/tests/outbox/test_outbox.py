"""A letter is sent once; what the mail server's refusals mean."""

import smtplib

import pytest
from django.core import mail
from django.core.mail import EmailMessage

from feedback.letter import compose
from outbox import delivery
from outbox.mail_server import Refused, TryLater, hand_over, not_sent
from outbox.models import Letter

pytestmark = pytest.mark.django_db
State = Letter.State


@pytest.fixture(autouse=True)
def quick_mail(settings):
    settings.MAIL_PAUSE = 0


@pytest.fixture
def letter():
    return Letter.objects.create(address="ana@example.com", text="Well done!")


def deliver(letter):
    return delivery.deliver(letter.pk, lambda row: compose(row.address, row.text))


def failing(monkeypatch, error):
    """The mail server answers every message with `error`."""

    def refuse(message):
        raise error

    monkeypatch.setattr(delivery, "hand_over", refuse)


def test_a_letter_asked_for_twice_is_mailed_once(letter):
    assert deliver(letter) == "sent"
    assert "nothing to send" in deliver(letter)
    assert len(mail.outbox) == 1
    letter.refresh_from_db()
    assert letter.state == State.SENT


def test_a_letter_that_somebody_is_sending_is_left_alone(letter):
    Letter.objects.update(state=State.SENDING)
    deliver(letter)
    assert mail.outbox == []


def test_a_letter_that_was_withdrawn_is_not_sent(letter):
    letter.delete()
    assert "nothing to send" in delivery.deliver("0" * 32, None)


def test_every_try_carries_the_same_message_id(letter):
    deliver(letter)
    assert mail.outbox[0].message()["Message-ID"] == f"<{letter.pk}@example.com>"


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (TryLater("down"), State.WAITING),
        (Refused("no such user"), State.FAILED),
        (smtplib.SMTPServerDisconnected("in mid-letter"), State.DOUBT),
    ],
)
def test_what_an_error_makes_of_the_letter(letter, monkeypatch, error, state):
    failing(monkeypatch, error)
    with pytest.raises(type(error)):
        deliver(letter)
    letter.refresh_from_db()
    assert letter.state == state
    assert letter.error == str(error)


def test_a_letter_in_doubt_is_not_sent_again(letter, monkeypatch):
    with monkeypatch.context() as patch:
        failing(patch, TimeoutError())
        with pytest.raises(TimeoutError):
            deliver(letter)
    deliver(letter)
    assert mail.outbox == []


def test_after_the_last_try_a_waiting_letter_has_failed(letter):
    delivery.give_up(letter.pk, TryLater("still down"))
    letter.refresh_from_db()
    assert (letter.state, letter.error) == (State.FAILED, "still down")


def test_giving_up_does_not_touch_a_letter_that_was_sent(letter):
    deliver(letter)
    delivery.give_up(letter.pk, "too late")
    letter.refresh_from_db()
    assert letter.state == State.SENT


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (ConnectionRefusedError(), TryLater),
        (TimeoutError(), TryLater),
        (smtplib.SMTPServerDisconnected(), TryLater),
        (smtplib.SMTPConnectError(421, b"busy"), TryLater),
        (smtplib.SMTPDataError(452, b"disk full"), TryLater),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (450, b"busy")}), TryLater),
        (smtplib.SMTPRecipientsRefused({"a@b.c": (550, b"who?")}), Refused),
        (smtplib.SMTPDataError(552, b"too large"), Refused),
        (smtplib.SMTPAuthenticationError(535, b"wrong password"), Refused),
        (smtplib.SMTPNotSupportedError("no STARTTLS"), Refused),
        (ValueError("EMAIL_USE_TLS/EMAIL_USE_SSL are mutually exclusive"), Refused),
    ],
)
def test_which_errors_are_worth_another_try(error, kind):
    assert type(not_sent(error)) is kind


def test_a_port_where_nobody_listens_is_worth_another_try(settings, unused_tcp_port):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", unused_tcp_port
    with pytest.raises(TryLater, match="ConnectionRefusedError"):
        hand_over(EmailMessage("Hello", "", to=["ana@example.com"]))


def test_without_a_mail_server_the_mail_goes_to_the_console(settings, capsys):
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    hand_over(EmailMessage("Hello", "", to=["ana@example.com"]))
    assert "Subject: Hello" in capsys.readouterr().out
