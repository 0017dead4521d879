"""The environment names the mail server; with none, mail is printed."""


def look():
    """Inside the copy: what Django knows of the mail server."""
    from django.conf import settings

    return [settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_BACKEND]


def do(address):
    """Inside the copy: do the task."""
    import time

    from exports.tasks import email_student_report

    time.sleep = lambda seconds: None
    email_student_report(address)


def test_the_environment_names_the_server(work):
    env = {"EMAIL_HOST": "mail.school.example", "EMAIL_PORT": "2525"}
    host, port, _ = work.call(look, outbox=False, env=env)
    if host != env["EMAIL_HOST"]:
        work.unmet(
            "The variable EMAIL_HOST is not heard.",
            "config/settings.py, env(...)",
            wanted=env["EMAIL_HOST"],
            got=host,
        )
    if str(port) != env["EMAIL_PORT"]:
        work.unmet("The variable EMAIL_PORT is not heard.", "config/settings.py", got=port)


def test_with_no_server_the_mail_is_printed(work):
    backend = work.call(look, outbox=False)[2]
    if backend != "django.core.mail.backends.console.EmailBackend":
        work.unmet("With no EMAIL_HOST nothing is printed.", "EMAIL_BACKEND", got=backend)


def test_the_mail_server_gets_the_mail(work):
    box = work.letterbox()
    box.open()
    work.call(do, "ana@example.com", outbox=False, database=True, env=box.env)
    work.wait_for(box.mails, "The mail did not reach the server.", look="EMAIL_BACKEND")
    if box.mails()[0]["to"] != ["ana@example.com"]:
        work.unmet("It went to somebody else.", got=box.mails()[0]["to"])
