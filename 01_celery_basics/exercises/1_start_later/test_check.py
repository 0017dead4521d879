"""The message in the queue says what runs, with what, and when."""

import random

FILE = "archive/later.py, fetch_marks_later"


def send_and_look(seconds, wait):
    """Inside the copy: call the function; return what it did."""
    import time
    from datetime import UTC, datetime

    from celery import current_app

    from archive import later, marks

    seen = {"slept": [], "ran": [], "message": None}
    time.sleep = seen["slept"].append
    marks.fetch_marks = seen["ran"].append
    result = later.fetch_marks_later(seconds, wait)
    now = datetime.now(UTC)
    with current_app.connection_for_read() as connection:
        for queue in current_app.amqp.queues.values():
            message = queue.bind(connection.default_channel).get(no_ack=True)
            if message:
                eta = message.headers["eta"]
                seen["message"] = {
                    "task": message.headers["task"],
                    "id": message.headers["id"],
                    "args": message.payload[0],
                    "kwargs": message.payload[1],
                    "wait": (datetime.fromisoformat(eta) - now).total_seconds()
                    if eta
                    else 0,
                }
    seen["returned"] = getattr(result, "id", None)
    return seen


def test_the_task_is_sent_and_not_run_by_the_caller(work):
    seconds, wait = random.randint(2, 9), random.randint(100, 3000)
    work.seen = seen = work.call(send_and_look, seconds, wait)
    work.seen["asked"] = {"seconds": seconds, "wait": wait}
    if seen["slept"]:
        work.unmet("Your function slept: whoever calls it waits too.", FILE)
    if seen["ran"]:
        work.unmet(
            "The job ran in your own process: you called it instead of sending it.", FILE
        )
    if not seen["message"]:
        work.unmet("Nothing was sent to a queue.", FILE)


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
