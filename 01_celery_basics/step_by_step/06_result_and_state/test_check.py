"""A page says what has become of a task, and does not wait for it."""

UNKNOWN = "8f3c0e0e-93a4-4c6c-8f0a-7d5f3d3a0001"


def ask(task_id):
    """Inside the copy: what the page answers; whether it wanted to wait."""
    from celery.result import AsyncResult
    from django.test import Client

    waited = []
    AsyncResult.get = lambda *args, **kwargs: waited.append(1)
    answer = Client().get(f"/api/tasks/{task_id}/")
    kind = answer.headers.get("Content-Type", "")
    body = answer.json() if "json" in kind else answer.content.decode()[:200]
    return {"status": answer.status_code, "body": body, "waited": bool(waited)}


def send():
    """Inside the copy: send a quick one."""
    from archive.tasks import fetch_marks

    return fetch_marks.delay(0.1).id


def test_the_page_has_its_address(work):
    work.start_redis()
    work.seen = work.call(ask, UNKNOWN)
    if work.seen["status"] == 404:
        work.unmet(
            "There is no page at /api/tasks/NUMBER/.", "config/urls.py, queueing/urls.py"
        )
    if work.seen["waited"]:
        work.unmet(
            "The page waits for the task: .get() stands still until it is done.",
            "queueing/views.py: .result does not wait",
        )


def test_of_a_number_that_nobody_knows_it_says_pending(work):
    body = work.seen["body"]
    if not isinstance(body, dict) or body.get("state") != "PENDING":
        work.unmet("The answer has no state PENDING.", "queueing/views.py", got=body)


def test_a_finished_task_is_told_with_its_result(work):
    command = "celery -A config worker -Q default -P solo --without-mingle -l INFO"
    look = work.start(command.split(), work.folder)
    sent = work.call(send)
    work.wait_for(
        lambda: "succeeded in" in look()["text"], "The worker did not do the task."
    )
    body = work.call(ask, sent)["body"]
    if not isinstance(body, dict) or body.get("state") != "SUCCESS":
        work.unmet("The task is done, and the page does not say so.", got=body)
    if body.get("result") != "The archive answered after 0.1 s.":
        work.unmet("The result is missing.", "queueing/views.py, result", got=body)
