"""The message in the queue says what runs, with what, and when."""

import random
import time
from datetime import UTC, datetime

FILE = "archive/later.py, fetch_marks_later"


def send(seconds, wait):
    """Inside the copy: call the function; return what it did by itself."""
    import time

    from archive import later, marks

    seen = {"slept": [], "ran": []}
    time.sleep = seen["slept"].append
    marks.fetch_marks = seen["ran"].append
    result = later.fetch_marks_later(seconds, wait)
    return seen | {"returned": getattr(result, "id", None)}


def moment(text):
    """Return the seconds since 1970, as a worker does: a time without a zone is UTC."""
    if not text:
        return None
    found = datetime.fromisoformat(text)
    return (found if found.tzinfo else found.replace(tzinfo=UTC)).timestamp()


def test_the_task_is_sent_and_not_run_by_the_caller(work):
    seconds, wait = random.randint(60, 90), random.randint(5_000, 80_000)
    work.start_redis()
    before = time.time()
    work.seen = seen = work.call(send, seconds, wait)
    work.seen |= {"seconds": seconds, "wait": wait, "called": [before, time.time()]}
    if seen["slept"]:
        work.unmet("Your function slept: whoever calls it waits too.", FILE)
    if seen["ran"]:
        work.unmet(
            "The job ran in your own process: you called it instead of sending it.", FILE
        )
    sent = work.queued()
    if not sent:
        work.unmet("Nothing was sent to a queue.", FILE)
    if len(sent) > 1:
        work.unmet(f"{len(sent)} messages were sent, not one.", FILE)
    work.seen["message"] = sent[0]
    if sent[0]["task"] != "archive.tasks.fetch_marks":
        work.unmet("It is another task that was sent.", FILE, got=sent[0]["task"])


def test_it_waits_as_long_as_it_was_told(work):
    message, seconds, wait = (work.seen[name] for name in ("message", "seconds", "wait"))
    arguments = [*message["args"], *message["kwargs"].values()]
    if arguments != [seconds]:
        work.unmet(
            "The task has other arguments than it should.",
            FILE,
            wanted=[seconds],
            got=arguments,
        )
    before, after = work.seen["called"]
    eta, expires = moment(message["eta"]), moment(message["expires"])
    starts = eta or before
    if not starts - after - 1 <= wait <= starts - before + 1:
        work.unmet(
            "The task does not wait as long as it was told.",
            f"{FILE}; a time without a zone is UTC for a worker",
            wanted=f"{wait} s",
            got=f"{starts - before:.0f} s",
        )
    if expires and expires <= starts:
        work.unmet("The task expires before it may start: no worker will do it.", FILE)


def test_the_caller_gets_the_id_of_the_task(work):
    if work.seen["returned"] != work.seen["message"]["id"]:
        work.unmet(
            "Return what Celery gives you: without the id nobody can ask later.", FILE
        )
