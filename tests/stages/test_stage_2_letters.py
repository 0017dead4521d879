"""Nothing promised is lost: letters while the mail server and the queue break down."""

import httpx
import pytest
from redis import Redis

FEEDBACK = {"email": "ana@example.com", "message": "More books, please."}
STUCK = (
    "from outbox.models import Letter; from django.utils import timezone; "
    "from feedback.tasks import email_feedback; "
    "print(Letter.objects.create(address='ana@example.com', text='Hello', state={!r},"
    " task=email_feedback.name, due=timezone.now()).pk)"
)


@pytest.fixture(scope="module")
def run(start_stage):
    env = {"MAIL_PAUSE": "0", "MAIL_QUEUE_LEASE": "3"}
    return start_stage(2, env=env, only=("web", "worker", "beat"))


@pytest.fixture(scope="module")
def client(client_of, run):
    return client_of(run)


@pytest.fixture
def mails(run):
    """A function that returns the mails in the inbox, which is emptied first."""
    with httpx.Client(base_url=run.inbox_url, timeout=60, trust_env=False) as inbox:
        inbox.delete("/api/messages")
        yield lambda: inbox.get("/api/messages").json()["messages"]


def written(run, name) -> str:
    """Return what the process has written so far."""
    return (run.logs / f"{name}.log").read_text(errors="replace")


def letter(run, state) -> str:
    """Write a letter down that nobody has queued; return the address of its page."""
    done = run.manage("shell", "--no-imports", "-c", STUCK.format(state))
    assert done.returncode == 0, done.stderr
    return f"/reports/students/email/{done.stdout.strip()}/"


def test_a_retry_that_the_queue_refused_is_mailed_all_the_same(
    run, client, mails, wait_for
):
    run.inbox.stop()
    queue = Redis.from_url(run.redis.url)
    try:
        assert client.post("/feedback/", data=FEEDBACK).status_code == 303
        wait_for(lambda: "Retry in" in written(run, "worker"), what="the first retry")
        queue.config_set(
            "maxmemory", 1
        )  # a Redis that is full: it reads, but takes nothing
        wait_for(
            lambda: "maxmemory" in written(run, "worker"), what="a retry to be refused"
        )
    finally:
        queue.config_set("maxmemory", "256mb")
        queue.close()
        run.services.start_inbox()
    wait_for(mails, what="the letter")
    assert len(mails()) == 1


def test_a_letter_that_was_never_queued_is_mailed(run, client, mails, wait_for):
    """Its web process died between the row and the queue."""
    letter(run, "waiting")
    assert len(wait_for(mails, what="the letter")) == 1


def test_a_letter_whose_worker_has_died_is_in_doubt(run, client, mails, wait_for):
    page = letter(run, "sending")
    wait_for(lambda: "may have arrived" in client.get(page).text, what="the doubt")
    assert mails() == []
