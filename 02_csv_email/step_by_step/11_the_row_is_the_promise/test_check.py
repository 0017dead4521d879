"""A letter that is written down goes out, or a person hears of it."""

TASK, RELAY = "exports.tasks.email_student_report", "outbox.tasks.relay_letters"


def settings_and_tasks():
    """Inside the copy: the leases, what beat would send, how the task behaves."""
    from celery import current_app
    from django.conf import settings

    current_app.loader.import_default_modules()
    task = current_app.tasks.get("exports.tasks.email_student_report")
    beat = (current_app.conf.beat_schedule or {}).values()
    return {
        "leases": [getattr(settings, "MAIL_QUEUE_LEASE", 0)]
        + [getattr(settings, "MAIL_LEASE", 0)],
        "beat": [[one["task"], one["task"] in current_app.tasks] for one in beat],
        "task": type(task).__mro__[1].__name__ if task else "",
    }


def walk(address):
    """Inside the copy: ask, lose the queue, relay, deliver; what is seen each time."""
    import time

    from celery import current_app
    from django.core import mail
    from django.test import Client
    from django.utils import timezone

    from outbox import relay
    from outbox.models import Letter

    def queued():
        found = []
        with current_app.connection_for_read() as connection:
            for name in ("default", "slow"):
                queue = connection.SimpleQueue(name)
                while queue.qsize():
                    found.append([name, queue.get().payload[0]])
        return found

    time.sleep = lambda seconds: None
    answer = Client().post("/reports/students/email/", {"email": address})
    seen = {"status": answer.status_code, "first": queued(), "again": [], "mails": 0}
    letter = Letter.objects.first()
    if not letter:
        return seen
    Letter.objects.update(due=timezone.now())
    relay.send_what_waits()
    seen |= {"letter": str(letter.pk), "again": queued()}
    page = Client().get(answer.headers.get("Location", "/none/"))
    task = current_app.tasks["exports.tasks.email_student_report"]
    told = [str(task.apply((str(letter.pk),)).result) for _ in range(2)]
    letter.refresh_from_db()
    state = {"state": letter.state, "error": letter.error, "told": told}
    return seen | state | {"page": page.status_code, "mails": len(mail.outbox)}


def test_a_letter_has_a_lease(work):
    work.seen = work.call(settings_and_tasks)
    if not all(work.seen["leases"]):
        work.unmet(
            "Nobody says when a letter is overdue: MAIL_QUEUE_LEASE and MAIL_LEASE.",
            "config/settings.py",
        )


def test_the_relay_comes_by_the_clock(work):
    names = [name for name, _ in work.seen["beat"]]
    if not any("relay" in name for name in names):
        work.unmet("Beat never sends the relay.", "CELERY_BEAT_SCHEDULE", got=names)
    for name, known in work.seen["beat"]:
        if not known:
            work.unmet(
                f"Beat would send {name}, and no worker knows such a task.",
                "config/settings.py, CELERY_BEAT_SCHEDULE",
                wanted=RELAY,
                got=name,
            )


def test_the_task_is_a_mail_task(work):
    if work.seen["task"] != "MailTask":
        work.unmet(
            "The task does not try again: base=MailTask is missing.", "exports/tasks.py"
        )


def test_a_lost_letter_is_queued_again(work):
    seen = work.seen = work.call(walk, "ana@example.com", database=True)
    if seen["status"] == 404:
        work.unmet("There is no page at /reports/students/email/.", "config/urls.py")
    if [name for name, _ in seen["first"]] == ["default"]:
        work.unmet(
            "The report lies in the queue `default`: feedback waits behind reports.",
            "config/settings.py, CELERY_TASK_ROUTES",
        )
    if seen["again"] != [["slow", [seen.get("letter")]]]:
        work.unmet("The relay did not queue the letter again.", got=seen["again"])


def test_the_letter_is_sent_once(work):
    seen = work.seen
    if seen["state"] != "sent" or seen["mails"] != 1:
        work.unmet(
            f"The letter is `{seen['state']}`: {seen['error'] or seen['told'][0]}",
            "exports/tasks.py: deliver(letter_id, a function of the letter)",
        )
    if seen["page"] != 200:
        work.unmet("The letter's page fails.", wanted=200, got=seen["page"])
