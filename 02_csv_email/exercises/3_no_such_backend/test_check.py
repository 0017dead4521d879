"""A mail is sent to a real SMTP server, wherever the environment says it is."""

import random

FILE = "config/settings.py, EMAIL_BACKEND"


def send(subject):
    """Inside the copy: send one mail as a view or a task does."""
    from django.core.mail import send_mail

    return send_mail(subject, "Hello.", None, ["teacher@example.com"])


def test_mail_goes_to_the_server_that_is_named(work):
    box = work.letterbox()
    box.open()
    sent = []
    for host in ("127.0.0.1", "localhost"):  # two names of this machine
        sent.append(f"Number {random.randint(1000, 9999)}")
        work.call(send, sent[-1], env={**box.env, "EMAIL_HOST": host}, outbox=False)
        if box.subjects() != sent:
            work.unmet(
                "The mail did not arrive at the server.",
                f"{FILE}, with EMAIL_HOST={host}",
                got=box.subjects(),
            )


def test_with_no_server_mail_is_printed(work):
    subject = f"Number {random.randint(1000, 9999)}"
    try:
        work.call(send, subject, outbox=False)
    except AssertionError:
        work.printed = ""
    if f"Subject: {subject}" not in work.printed:
        work.unmet("With no server named the mail is not printed.", FILE)
