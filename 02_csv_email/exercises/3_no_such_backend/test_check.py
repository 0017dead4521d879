"""A mail is sent to a real SMTP server, wherever the environment says it is."""

import random

FILE = "config/settings.py, EMAIL_BACKEND"


class Letterbox:
    """What the SMTP server does with a mail: it keeps it."""

    def __init__(self):
        self.subjects = []

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode(errors="replace")
        self.subjects += [line for line in text.splitlines() if line.startswith("Subject:")]
        return "250 kept"


def send(subject):
    """Inside the copy: send one mail as a view or a task does."""
    from django.core.mail import send_mail

    return send_mail(subject, "Hello.", None, ["teacher@example.com"])


def test_mail_goes_to_the_server_that_is_named(work):
    from aiosmtpd.controller import Controller

    from workbook.run.ports import free_port

    box = Letterbox()
    server = Controller(box, hostname="127.0.0.1", port=free_port())
    server.start()
    subject = f"Number {random.randint(1000, 9999)}"
    try:
        env = {"EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(server.port)}
        work.call(send, subject, env=env, outbox=False)
    finally:
        server.stop()
    if box.subjects != [f"Subject: {subject}"]:
        work.unmet("The mail did not arrive at the server.", FILE, got=box.subjects)


def test_with_no_server_mail_is_printed(work):
    subject = f"Number {random.randint(1000, 9999)}"
    try:
        work.call(send, subject, outbox=False)
    except AssertionError:
        work.printed = ""
    if f"Subject: {subject}" not in work.printed:
        work.unmet("With no server named the mail is not printed.", FILE)
