"""The feedback form, both ways."""

import pytest
from django.core import mail

from feedback import tasks
from feedback.letter import LONGEST, compose, one_line
from outbox.mail_server import TryLater
from outbox.models import Letter
from queueing.sending import BrokerDown

pytestmark = pytest.mark.django_db
FORM = {"email": "ana@example.com", "message": "More books,\nplease."}
BOTH = pytest.mark.parametrize("address", ["/feedback/", "/feedback/blocking/"])


@pytest.fixture(autouse=True)
def quick_mail(settings):
    settings.MAIL_PAUSE = 0


@BOTH
def test_the_form_leads_to_the_success_page(client, address):
    answer = client.post(address, FORM)
    assert answer.status_code == 303
    assert answer.headers["Location"] == "/feedback/success/"
    page = client.get("/feedback/success/").content.decode()
    assert "Thank you" in page
    assert " ms" in page


def test_both_ways_send_the_same_mail(client):
    client.post("/feedback/blocking/", FORM)
    client.post("/feedback/", FORM)
    tasks.email_feedback(str(Letter.objects.get().pk))

    in_the_request, by_task = mail.outbox
    for field in ("subject", "body", "to", "reply_to", "from_email"):
        assert getattr(in_the_request, field) == getattr(by_task, field)


def test_the_offloaded_form_mails_nothing_itself(client):
    client.post("/feedback/", FORM)
    assert mail.outbox == []
    assert Letter.objects.get().text.splitlines() == ["More books,", "please."]


@BOTH
@pytest.mark.parametrize(
    "change",
    [
        {"email": ""},
        {"email": "ana"},
        {"email": "ana@example.com\nBcc: eve@example.com"},
        {"message": ""},
        {"message": "x" * 2001},
        {"message": "a\0b"},
    ],
)
def test_a_bad_form_comes_back_with_what_is_wrong(client, address, change):
    page = client.post(address, FORM | change)
    assert page.status_code == 400
    assert "errorlist" in page.content.decode()
    assert mail.outbox == []
    assert not Letter.objects.exists()


@BOTH
def test_an_empty_request_is_a_bad_form(client, address):
    assert client.post(address).status_code == 400


@pytest.mark.parametrize(
    ("address", "name", "error"),
    [
        ("/feedback/", "outbox.posting.send", BrokerDown()),
        ("/feedback/blocking/", "feedback.views.hand_over", TryLater()),
    ],
)
@pytest.mark.django_db(transaction=True)  # or nothing is committed, and nothing sent
def test_what_cannot_be_sent_stays_in_the_form(client, monkeypatch, address, name, error):
    def down(*args, **options):
        raise error

    monkeypatch.setattr(name, down)
    page = client.post(address, FORM)
    assert page.status_code == 503
    assert "More books," in page.content.decode()


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Hello\r\nBcc: eve@example.com", "Hello Bcc: eve@example.com"),
        ("Hello\u2028there\u202eereht", "Hello thereereht"),
        ("x" * 90, "x" * (LONGEST - 1) + "…"),
        ("Olá 🎓", "Olá 🎓"),
    ],
)
def test_a_subject_is_one_line_without_anything_invisible(text, line):
    assert one_line(text) == line


def test_the_mail_goes_to_the_school_and_answers_go_to_the_visitor(settings):
    message = compose("ana@example.com", "Hello\nBcc: eve@example.com")
    assert message.recipients() == [settings.FEEDBACK_EMAIL]
    assert message.message()["Reply-To"] == "ana@example.com"
    assert message.message()["Bcc"] is None
