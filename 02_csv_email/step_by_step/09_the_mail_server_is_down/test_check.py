"""A mail server that is down is asked again; one that says never is not."""


def tried(plans):
    """Inside the copy: the task, with a mail server that fails as each plan says."""
    import smtplib
    import time

    from django.core import mail

    errors = {
        "down": lambda: ConnectionRefusedError(111, "Connection refused"),
        "never": lambda: smtplib.SMTPRecipientsRefused({"ana": (550, b"no such user")}),
    }

    class Server:
        """Fails at the door or at the talk; what it takes lies in `took`."""

        def open(self):
            if left and left[0] == "down":
                tries.append("down")
                raise errors[left.pop(0)]()

        def send_messages(self, messages):
            self.open()
            tries.append("open")
            if left:
                raise errors[left.pop(0)]()
            took.extend(messages)
            return len(messages)

        def close(self):
            pass

    time.sleep = lambda seconds: None
    mail.get_connection = lambda *args, **kwargs: Server()
    from exports.tasks import email_student_report as task

    seen = {"backoff": getattr(task, "retry_backoff", False), "plans": []}
    for plan in plans:
        left, tries, took = list(plan), [], []
        done = task.apply(("ana@example.com",))
        seen["plans"].append([len(tries), len(took), done.state])
    return seen


def test_a_server_that_is_down_is_asked_again(work):
    plans = (["down", "down"], ["never"] * 99, ["down"] * 99)
    work.seen = work.call(tried, plans, database=True)
    tries, mails, _ = work.seen["plans"][0]
    if tries == 1:
        work.unmet(
            "The mail server was down for a moment, and the task did not try again.",
            "exports/tasks.py: autoretry_for=(TryLater,) and hand_over(...)",
        )
    if [tries, mails] != [3, 1]:
        work.unmet("Down twice, it should be sent at try 3, once.", got=[tries, mails])


def test_a_server_that_says_never_is_not(work):
    tries = work.seen["plans"][1][0]
    if tries != 1:
        work.unmet(
            f"An address that does not exist is tried {tries} times.",
            "exports/tasks.py: TryLater and no other error",
        )


def test_it_is_patient(work):
    tries = work.seen["plans"][2][0]
    if tries < 8:
        work.unmet(
            f"It gave up after {tries} tries: a server may be down for minutes.",
            "exports/tasks.py: max_retries=12",
        )
    if not work.seen["backoff"]:
        work.unmet(
            "The pauses do not grow: a server that comes back is knocked down again.",
            "exports/tasks.py: retry_backoff=1",
        )
