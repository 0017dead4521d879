"""Feedback, while the mail server is down. Read, predict, then check."""

from django.test import Client

from feedback.tasks import email_feedback
from outbox.models import Letter

visitor = Client(headers={"host": "127.0.0.1"})
words = {"email": "ana@example.com", "message": "More chess, please."}


def while_the_mail_server_is_down():
    return {
        "blocking": visitor.post("/feedback/blocking/", words).status_code,
        "offloaded": visitor.post("/feedback/", words).status_code,
    }


def when_it_is_back_and_the_mail_has_arrived():
    letter = Letter.objects.get()
    return email_feedback.delay(str(letter.pk))  # the same task once more
