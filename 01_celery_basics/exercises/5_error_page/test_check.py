"""The report's address answers well, with the broker up and with the broker down."""

import random
import socket

FILE = "reports/views.py, by_age"


def ask(ages, bug=False):
    """Inside the copy: ask for the report; return the answer."""
    import time

    from celery import Task
    from django.test import Client

    def broken(*_, **__):
        raise TypeError("a bug of ours")

    if bug:
        Task.apply_async = broken
    started = time.monotonic()
    answer = Client(raise_request_exception=False).post("/api/students/by-age/", ages)
    seen = {"status": answer.status_code, "text": answer.content.decode()[:300]}
    seen["seconds"] = time.monotonic() - started
    seen["json"] = answer.json() if "json" in answer.headers["Content-Type"] else None
    return seen


def test_a_stopped_broker_is_answered_with_503(work):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and nobody listens: refused
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/1"
        stopped = {"CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url}
        seen = work.call(ask, {}, env=stopped)
    if seen["status"] == 500:
        work.unmet("With the broker down the visitor gets an error page (500).", FILE)
    if seen["status"] in (200, 202):
        work.unmet("With the broker down your view promises a report.", FILE)
    if seen["status"] != 503:
        work.unmet("The status is not right.", FILE, wanted=503, got=seen["status"])
    if not isinstance(seen["json"], dict) or "detail" not in seen["json"]:
        work.unmet("The answer has no JSON with a `detail`.", FILE, got=seen["text"])
    if seen["seconds"] > 6:
        work.unmet(f"The answer took {seen['seconds']:.0f} s, not a moment.", FILE)


def test_with_the_broker_up_the_report_is_sent_once(work):
    ages = {"min_age": random.randint(3, 10), "max_age": random.randint(11, 18)}
    work.start_redis()
    seen = work.call(ask, ages)
    seen["sent"] = work.queued()
    if seen["status"] != 202 or not isinstance(seen["json"], dict):
        work.unmet("With the broker up the answer is not 202.", FILE, got=seen["status"])
    if len(seen["sent"]) != 1:
        work.unmet(f"{len(seen['sent'])} reports were started, not one.", FILE)
    if seen["sent"][0]["id"] != seen["json"].get("task_id"):
        work.unmet(
            "The answer's task_id is not the id of the task that was sent.",
            FILE,
            wanted=[sent["id"] for sent in seen["sent"]],
            got=seen["json"].get("task_id"),
        )
    if seen["sent"][0]["kwargs"] != ages:
        work.unmet(
            "The ages that were asked for are not in the task.",
            FILE,
            wanted=ages,
            got=seen["sent"][0]["kwargs"],
        )


def test_what_is_not_a_broker_that_is_down_is_not_called_so(work):
    seen = work.call(ask, {"min_age": random.randint(50, 90), "max_age": 3})
    if seen["status"] != 400 or len(work.queued()) != 1:
        work.unmet(
            "Ages that make no sense are a mistake of whoever asks, not a queue that is "
            "down.",
            FILE,
            wanted=400,
            got=seen["status"],
        )
    seen = work.call(ask, {}, bug=True)
    if seen["status"] != 500:
        work.unmet(
            "A bug of ours (a TypeError when sending) is called a broker that is down: "
            "nobody will look for it.",
            f"{FILE}: which errors do you catch?",
            wanted=500,
            got=seen["status"],
        )
