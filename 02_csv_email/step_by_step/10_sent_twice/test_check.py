"""A letter is sent once, however many workers have its task."""


def post(address):
    """Inside the copy: ask for the report; the letters, and what was sent."""
    from celery import current_app
    from django.test import Client

    from outbox.models import Letter

    Client().post("/reports/students/email/", {"email": address})
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("default")
        sent = [queue.get().payload[0] for _ in range(queue.qsize())]
    letters = [[str(one.pk), one.address, one.state] for one in Letter.objects.all()]
    return {"letters": letters, "sent": sent}


def deliver(address):
    """Inside the copy: one letter, and a mail server in front of which another worker
    begins the same task; then a letter whose first try finds the server down."""
    import time

    from django.core import mail

    class Server:
        def open(self):
            if down:
                raise down.pop()

        def send_messages(self, messages):
            took.extend(messages)
            if len(took) == 1 and meanwhile:
                meanwhile.pop()()

        def close(self):
            pass

    time.sleep = lambda seconds: None
    mail.get_connection = lambda *args, **kwargs: Server()
    from exports.tasks import email_student_report as task
    from outbox.models import Letter

    letter, took, down = Letter.objects.create(address=address), [], []
    meanwhile = [lambda: task.apply((str(letter.pk),))]
    task.apply((str(letter.pk),))
    at_once = len(took)
    task.apply((str(letter.pk),))
    letter.refresh_from_db()
    seen = {"at once": at_once, "later": len(took), "state": letter.state}
    letter, took = Letter.objects.create(address=address), []
    meanwhile, down = [], [ConnectionRefusedError(111, "Connection refused")]
    task.apply((str(letter.pk),))
    return seen | {"after a failure": len(took)}


def test_the_letter_is_written_down(work):
    seen = work.call(post, "ana@example.com", database=True)
    if not seen["letters"]:
        work.unmet(
            "No letter was written down.", "exports/views.py: Letter.objects.create(...)"
        )
    pk, address, state = seen["letters"][0]
    if [address, state] != ["ana@example.com", "waiting"]:
        work.unmet("The letter is not one that waits for Ana.", got=[address, state])
    if seen["sent"] != [[pk]]:
        work.unmet("The message is not the letter's id.", wanted=[[pk]], got=seen["sent"])


def test_two_workers_send_one_mail(work):
    work.seen = work.call(deliver, "ana@example.com", database=True)
    if not work.seen["at once"]:
        work.unmet("The letter is not sent at all.", "exports/tasks.py")
    if work.seen["at once"] > 1:
        work.unmet(
            f"Two workers at the same moment sent {work.seen['at once']} mails.",
            "exports/tasks.py: ask and act in one step, filter(...).update(...)",
        )


def test_a_sent_letter_is_not_sent_again(work):
    if work.seen["later"] > 1:
        work.unmet("Brought again later, it was sent again.", "exports/tasks.py")
    if work.seen["state"] != "sent":
        work.unmet("A sent letter is not `sent` afterwards.", got=work.seen["state"])


def test_a_try_that_failed_leaves_the_letter_waiting(work):
    if work.seen["after a failure"] != 1:
        work.unmet(
            "After a try that failed, the letter never goes out: its next try finds "
            "nothing that waits.",
            'exports/tasks.py, except TryLater: letter.update(state="waiting")',
            wanted=1,
            got=work.seen["after a failure"],
        )
