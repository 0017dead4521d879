"""The file, the mail and the sending are apart, and a test knows the mail."""


def apart():
    """Inside the copy: what each function gives."""
    from django.core import mail

    from exports.letter import build_csv, compose
    from students.models import Student

    Student.objects.create(name="Zeca", age=11)
    report = build_csv()
    message = compose("ana@example.com", b"name,age\r\n")
    seen = {"report": type(report).__name__, "sent": len(mail.outbox)}
    return seen | {"message": hasattr(message, "attachments")}


def do(address):
    """Inside the copy: do the task; return how many mails it sent."""
    import time

    from django.core import mail

    from exports.tasks import email_student_report

    time.sleep = lambda seconds: None
    email_student_report(address)
    return len(mail.outbox)


def tests_with(changes):
    """Inside the copy: run the learner's tests with wrong code; what came of each."""
    import importlib
    import io
    import unittest

    from django.core import mail

    from exports import letter

    def with_other(change):
        message = right(*("ana@example.com", b"name,age\r\n"))
        if change == "no file":
            message.attachments = []
        if change == "another name":
            message.attachments = [("report.csv", "name,age\r\n", "text/csv")]
        if change == "another file":
            message.attachments = [("students-by-age.csv", "name\r\n", "text/csv")]
        if change == "another address":
            message.to = ["eve@example.com"]
        return message

    right, found = letter.compose, {}
    module = importlib.import_module("tests.test_letter")
    for change in changes:
        letter.compose = right if change == "right" else lambda *_, c=change: with_other(c)
        mail.outbox.clear()
        suite = unittest.defaultTestLoader.loadTestsFromModule(importlib.reload(module))
        result = unittest.TextTestRunner(io.StringIO()).run(suite)
        bad = [text.splitlines()[-1] for _, text in result.errors + result.failures]
        found[change] = {"ran": result.testsRun, "bad": bad[:1]}
    return found


WRONG = ("no file", "another name", "another file", "another address")


def test_build_and_compose_are_functions_of_their_own(work):
    if not (work.folder / "exports" / "letter.py").is_file():
        work.unmet("There is no exports/letter.py yet.", "the page, `exports/letter.py`")
    seen = work.call(apart, database=True)
    if seen["report"] != "bytes":
        work.unmet("build_csv gives no bytes.", wanted="bytes", got=seen["report"])
    if not seen["message"]:
        work.unmet("compose gives back no mail.", "exports/letter.py: return message")
    if seen["sent"]:
        work.unmet(
            "compose sends: whoever calls it shall decide that.", "exports/letter.py"
        )


def test_the_task_still_mails_the_report(work):
    sent = work.call(do, "ana@example.com", database=True)
    if sent != 1:
        work.unmet("The task does not send one mail.", "exports/tasks.py", got=sent)


def test_your_test_knows_the_mail(work):
    if not (work.folder / "tests" / "test_letter.py").is_file():
        work.unmet("There is no test yet.", "tests/test_letter.py")
    found = work.call(tests_with, ["right", *WRONG])
    if not found["right"]["ran"]:
        work.unmet("There is no test in tests/test_letter.py.", "def test_...(self)")
    if found["right"]["bad"]:
        work.unmet("Your test fails with your own code.", got=found["right"]["bad"][0])
    for change in WRONG:
        if not found[change]["bad"]:
            work.unmet(
                f"A mail with {change}, and your test does not notice it.",
                "tests/test_letter.py",
            )
