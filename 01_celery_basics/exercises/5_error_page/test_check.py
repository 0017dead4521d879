"""The report's address answers well, with the broker up and with the broker down."""

import random
import socket

FILE = "reports/views.py, by_age"


def ask(ages):
    """Inside the copy: ask for the report; return the answer."""
    from django.test import Client

    answer = Client(raise_request_exception=False).post("/api/students/by-age/", ages)
    seen = {"status": answer.status_code, "text": answer.content.decode()[:300]}
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


def test_with_the_broker_up_the_report_is_sent_once(work):
    ages = {"min_age": random.randint(3, 10), "max_age": random.randint(11, 18)}
    work.start_redis()
    seen = work.call(ask, ages)
    seen["sent"] = work.queued()
    if seen["status"] != 202 or not isinstance(seen["json"], dict):
        work.unmet("With the broker up the answer is not 202.", FILE, got=seen["status"])
    if len(seen["sent"]) != 1 or seen["sent"][0]["id"] != seen["json"].get("task_id"):
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
