"""A stopped broker is answered with 503, soon; with the broker up all is as before."""

import socket


def ask(method, path):
    """Inside the copy: the answer of a page."""
    from django.test import Client

    client = Client(raise_request_exception=False)
    answer = getattr(client, method)(path)
    kind = answer.headers.get("Content-Type", "")
    return {"status": answer.status_code, "body": answer.json() if "json" in kind else None}


def patience():
    """Inside the copy: how often Celery tries to send."""
    from celery import current_app

    return current_app.conf.task_publish_retry_policy.get("max_retries")


PAGES = (("post", "/api/students/by-age/"), ("get", "/slow/task/"))


def stopped(work, method, path):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and nobody listens: refused
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/1"
        env = {"REDIS_URL": url, "CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url}
        return work.call(ask, method, path, env=env)


def test_a_stopped_broker_is_noticed_soon(work):
    if (work.call(patience) or 99) > 1:
        work.unmet(
            "With the broker down your page waits with Celery's own patience, 19 seconds.",
            "config/settings.py, patience.settings_for",
        )


def test_a_stopped_broker_is_answered_with_503(work):
    for method, path in PAGES:
        seen = stopped(work, method, path)
        if seen["status"] == 500:
            work.unmet(
                f"With the broker down {path} gives an error page (500).",
                "send in the view, the middleware in config/settings.py",
            )
        if seen["status"] in (200, 202):
            work.unmet(f"With the broker down {path} promises a report.", "the view")
        if seen["status"] != 503:
            work.unmet(f"{path}: not right.", wanted=503, got=seen["status"])
        if not isinstance(seen["body"], dict) or "detail" not in seen["body"]:
            work.unmet("The answer has no JSON with a `detail`.", got=seen["body"])


def test_with_the_broker_up_all_is_as_before(work):
    for (method, path), wanted in zip(PAGES, (202, 200), strict=True):
        seen = work.call(ask, method, path, database=True)
        if seen["status"] != wanted:
            work.unmet(f"{path}: not right.", wanted=wanted, got=seen["status"])
