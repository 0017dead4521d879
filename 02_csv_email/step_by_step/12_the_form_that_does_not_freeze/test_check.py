"""The form answers at once, and a worker mails what the visitor wrote."""

WORDS = "The canteen is too small."
TASK = "feedback.tasks.email_feedback"


def visit(words):
    """Inside the copy: send the form, then do what was queued."""
    import time

    from celery import current_app
    from django.core import mail
    from django.test import Client

    from outbox.models import Letter

    slept = []
    time.sleep = slept.append
    fields = {"email": "ana@example.com", "message": words}
    answer = Client().post("/feedback/", fields)
    seen = {"status": answer.status_code, "slept": sum(slept), "tasks": [], "mails": []}
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("default")
        messages = [queue.get() for _ in range(queue.qsize())]
    for message in messages:
        task = current_app.tasks[message.headers["task"]]
        seen["tasks"].append([task.name, type(task).__mro__[1].__name__])
        task.apply(message.payload[0])
    for one in mail.outbox:
        seen["mails"].append({"to": one.to, "text": one.body, "reply": one.reply_to})
    seen["letters"] = [[one.state, one.error] for one in Letter.objects.all()]
    return seen


def addresses():
    """Inside the copy: who would read the feedback."""
    from django.conf import settings

    return getattr(settings, "FEEDBACK_EMAIL", "")


def test_there_is_a_task_for_the_feedback(work):
    if not (work.folder / "feedback" / "tasks.py").is_file():
        work.unmet("There is no task for the feedback yet.", "feedback/tasks.py")
    env = {"FEEDBACK_EMAIL": "head@school.example"}
    if work.call(addresses, env=env) != env["FEEDBACK_EMAIL"]:
        work.unmet("The variable FEEDBACK_EMAIL is not heard.", "config/settings.py")


def test_the_form_answers_at_once(work):
    work.seen = work.call(visit, WORDS, database=True)
    if work.seen["status"] == 404:
        work.unmet("There is no page at /feedback/ yet.", "config/urls.py")
    if work.seen["slept"] and not work.seen["tasks"]:
        work.unmet("The visitor waits for the mail server.", "feedback/views.py")
    if work.seen["status"] != 303:
        work.unmet("The form is not taken.", wanted=303, got=work.seen["status"])


def test_one_mail_task_is_sent(work):
    if [name for name, _ in work.seen["tasks"]] != [TASK]:
        work.unmet("Another task was sent.", wanted=[TASK], got=work.seen["tasks"])
    if work.seen["tasks"][0][1] != "MailTask":
        work.unmet(
            "The task does not try again: base=MailTask is missing.", "feedback/tasks.py"
        )


def test_the_school_gets_the_mail(work):
    if len(work.seen["mails"]) != 1:
        work.unmet("Not one mail was sent.", "feedback/tasks.py", got=work.seen["letters"])
    mail = work.seen["mails"][0]
    if WORDS not in mail["text"].partition("writes:")[2]:
        work.unmet(
            "The mail does not say what Ana wrote.",
            "feedback/tasks.py: compose(letter.address, letter.text)",
            got=mail["text"],
        )
    if mail["reply"] != ["ana@example.com"]:
        work.unmet("An answer would not reach Ana.", got=mail["reply"])
