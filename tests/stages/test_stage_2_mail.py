"""Stage 2 as a program: a real worker mails through a real SMTP server."""

import csv
import io
import json

import httpx
import psutil
import pytest

PAUSE = 1  # seconds that each mail takes
LETTER = (
    "from outbox.models import Letter; from exports.tasks import email_student_report; "
)


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(
        2, env={"MAIL_PAUSE": f"{PAUSE}"}, only=("web", "worker", "slowworker")
    )


@pytest.fixture(scope="module")
def client(client_of, run):
    return client_of(run)


@pytest.fixture
def inbox(run):
    """The inbox's client; the inbox is emptied first."""
    with httpx.Client(base_url=run.inbox_url, timeout=60, trust_env=False) as client:
        client.delete("/api/messages")
        yield client


def mails(inbox):
    return inbox.get("/api/messages").json()["messages"]


def ask(client, address="ana@example.com"):
    answer = client.post("/reports/students/email/", json={"email": address})
    assert answer.status_code == 202
    return answer.json()


def wait_for_task(client, wait_for, status_url, state="SUCCESS"):
    def there():
        task = client.get(status_url).json()
        return task if task["state"] == state else None

    return wait_for(there, what=f"the task to be in state {state}")


def shell(run, code):
    done = run.manage("shell", "--no-imports", "-c", code)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_report_arrives_with_the_same_csv_as_the_download(client, inbox, wait_for):
    answer = ask(client)
    assert wait_for_task(client, wait_for, answer["status_url"])["result"] == "sent"

    (mail,) = mails(inbox)
    assert mail["to"] == ["ana@example.com"]
    (attachment,) = mail["attachments"]
    assert attachment["name"] == "students-by-age.csv"
    file = inbox.get(attachment["url"]).content
    assert file == client.get("/reports/students/?format=csv").content
    rows = list(csv.reader(io.StringIO(file.decode("utf-8-sig"), newline="")))
    assert rows[0] == ["name", "age"]
    assert len(rows) == 61
    assert "The mail server has it" in client.get(answer["letter_url"]).text


def test_the_offloaded_form_answers_while_the_blocking_one_waits(client, inbox, wait_for):
    form = {"email": "ana@example.com", "message": "More books, please."}
    blocking = client.post("/feedback/blocking/", data=form)
    task = client.post("/feedback/", data=form)

    assert blocking.elapsed.total_seconds() > PAUSE
    assert task.elapsed.total_seconds() < PAUSE
    wait_for(lambda: len(mails(inbox)) == 2, what="both mails")
    first, second = mails(inbox)
    assert (first["subject"], first["text"]) == (second["subject"], second["text"])


def test_a_mail_server_that_was_down_gets_the_mail_once(run, client, inbox, wait_for):
    run.inbox.stop()
    try:
        answer = ask(client)
        waiting = wait_for_task(client, wait_for, answer["status_url"], "RETRY")
        assert waiting["error"] == "TryLater: The mail server did not take the mail."
        assert "did not answer" in client.get(answer["letter_url"]).text
    finally:
        run.services.start_inbox()
    assert wait_for_task(client, wait_for, answer["status_url"])["result"] == "sent"
    assert len(mails(inbox)) == 1


def test_a_task_that_is_delivered_twice_mails_once(run, client, inbox, wait_for):
    code = LETTER + (
        "from json import dumps; letter = Letter.objects.create(address='ana@example.com');"
        "print(dumps([email_student_report.delay(str(letter.pk)).id for _ in range(6)]))"
    )
    task_ids = json.loads(shell(run, code))
    results = [
        wait_for_task(client, wait_for, f"/api/tasks/{task_id}/")["result"]
        for task_id in task_ids
    ]
    assert results.count("sent") == 1
    assert len(mails(inbox)) == 1


def process_with(*words):
    """The process of this run, a descendant of the tests', that has these words."""
    for process in psutil.Process().children(recursive=True):
        line = process.cmdline()
        if all(word in line for word in words) and "-S" not in line:  # not its guard
            return process
    raise AssertionError(f"no process has {words}")


def test_a_worker_killed_while_it_sends_leaves_a_doubt_and_no_second_mail(
    run, client, inbox, wait_for
):
    mail_server = process_with("workbook.mail", str(run.services.smtp_port))
    mail_server.suspend()  # it takes the call and says nothing
    try:
        answer = ask(client)
        wait_for(
            lambda: "is sending it" in client.get(answer["letter_url"]).text,
            what="the letter to be on the line",
        )
        for child in process_with("worker", "slow@%h").children():
            child.kill()
        repeated = wait_for_task(client, wait_for, answer["status_url"])
    finally:
        mail_server.resume()
    assert "nothing to send" in repeated["result"]
    assert "is sending it" in client.get(answer["letter_url"]).text
    assert mails(inbox) == []


def test_a_stopped_broker_is_said_on_the_page_and_the_form_is_kept(run, client):
    run.redis.stop()
    try:
        page = client.post("/reports/students/email/", data={"email": "ana@example.com"})
        answer = client.post("/reports/students/email/", json={"email": "a@example.com"})
        form = {"email": "ana@example.com", "message": "More books, please."}
        feedback = client.post("/feedback/", data=form)
    finally:
        run.redis.start()
    assert page.status_code == answer.status_code == feedback.status_code == 503
    assert "ana@example.com" in page.text
    assert "nothing was sent" in answer.json()["detail"]
    assert "More books, please." in feedback.text
