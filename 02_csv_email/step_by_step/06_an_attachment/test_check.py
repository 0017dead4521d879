"""The page sends a task; the task mails the report as an attachment."""

TASK = "exports.tasks.email_student_report"


def post(address):
    """Inside the copy: ask for the report; return the answer and what was sent."""
    from celery import current_app
    from django.apps import apps
    from django.core import mail
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    answer = client.post("/reports/students/email/", {"email": address})
    sent = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("default")
        while queue.qsize():
            message = queue.get()
            sent.append([message.headers["task"], message.payload[0]])
    seen = {"page": answer.status_code, "sent": sent, "mails": len(mail.outbox)}
    return seen | {"installed": apps.is_installed("exports")}


def do(address):
    """Inside the copy: do the task; return the mails."""
    import time

    from django.core import mail

    from exports.tasks import email_student_report
    from students.models import Student

    time.sleep = lambda seconds: None
    Student.objects.create(name="Zeca", age=11)
    email_student_report(address)
    found = []
    for message in mail.outbox:
        files = [part for part in message.message().walk() if part.get_filename()]
        contents = [part.get_payload(decode=True).decode("utf-8-sig") for part in files]
        names = [part.get_filename() for part in files]
        found.append({"to": list(message.to), "names": names, "contents": contents})
    return found


def test_the_page_has_its_address(work):
    work.seen = work.call(post, "ana@example.com", database=True)
    if work.seen["page"] == 404:
        work.unmet("There is no page at /reports/students/email/ yet.", "config/urls.py")
    if work.seen["page"] == 403:
        work.unmet("A program's POST is refused (403).", "exports/views.py, csrf_exempt")


def test_it_sends_a_task_and_does_not_wait(work):
    if work.seen["mails"]:
        work.unmet(
            "The page mailed the report itself: the visitor waits.",
            "exports/views.py: send(email_student_report, ...)",
        )
    if work.seen["sent"] != [[TASK, ["ana@example.com"]]]:
        work.unmet(
            "Not just the report's task was sent, with the address.",
            "exports/views.py",
            wanted=[[TASK, ["ana@example.com"]]],
            got=work.seen["sent"],
        )
    if work.seen["page"] != 202:
        work.unmet("The status is not right.", wanted=202, got=work.seen["page"])


def test_the_worker_knows_the_task(work):
    if not work.seen["installed"]:
        work.unmet(
            "A worker would not know the task: its app is not installed.",
            "config/settings.py, INSTALLED_APPS",
        )


def test_the_task_mails_the_report(work):
    mails = work.call(do, "ana@example.com", database=True)
    if not mails:
        work.unmet("No mail was sent.", "exports/tasks.py: message.send()")
    if len(mails) > 1 or mails[0]["to"] != ["ana@example.com"]:
        work.unmet("It should be one mail to the one who asked.", got=mails)
    if mails[0]["names"] != ["students-by-age.csv"]:
        work.unmet("The report is not attached.", "message.attach", got=mails[0]["names"])
    if '"Zeca","11"' not in mails[0]["contents"][0]:
        work.unmet("The attachment is not the report.", got=mails[0]["contents"][0])
