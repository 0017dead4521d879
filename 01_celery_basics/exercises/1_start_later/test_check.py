"""The message in the queue says what runs, with what, and when."""

import random
from datetime import datetime

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


def wait_of(message):
    """Return for how many seconds from now the message is to wait."""
    if not message["eta"]:
        return 0
    eta = datetime.fromisoformat(message["eta"])
    now = datetime.now(eta.tzinfo)
    return (eta - now).total_seconds()


def test_the_task_is_sent_and_not_run_by_the_caller(work):
    seconds, wait = random.randint(2, 9), random.randint(100, 3000)
    work.start_redis()
    work.seen = seen = work.call(send, seconds, wait)
    work.seen["asked"] = {"seconds": seconds, "wait": wait}
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
        work.unmet("More than one task was sent.", FILE, wanted=1, got=len(sent))
    work.seen["message"] = sent[0] | {"wait": wait_of(sent[0])}


def test_it_waits_as_long_as_it_was_told(work):
    message, asked = work.seen["message"], work.seen["asked"]
    arguments = [*message["args"], *message["kwargs"].values()]
    if arguments != [asked["seconds"]]:
        work.unmet(
            "The task has other arguments than it should.",
            FILE,
            wanted=[asked["seconds"]],
            got=arguments,
        )
    if abs(message["wait"] - asked["wait"]) > 30:
        work.unmet(
            "The task does not wait as long as it was told.",
            FILE,
            wanted=f"{asked['wait']} s",
            got=f"{message['wait']:.0f} s",
        )


def test_the_caller_gets_the_id_of_the_task(work):
    if work.seen["returned"] != work.seen["message"]["id"]:
        work.unmet(
            "Return what Celery gives you: without the id nobody can ask later.", FILE
        )
