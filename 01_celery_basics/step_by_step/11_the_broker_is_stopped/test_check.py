"""A stopped broker is answered with 503, soon; with the broker up all is as before."""

import socket


def ask():
    """Inside the copy: the answers of both pages, and how often Celery tries to send."""
    from celery import current_app
    from django.test import Client

    client = Client(raise_request_exception=False)
    report, task = client.post("/api/students/by-age/"), client.get("/slow/task/")
    return {
        "tries": current_app.conf.task_publish_retry_policy.get("max_retries") or 99,
        "report": [report.status_code, report.content.decode()[:200]],
        "task": [task.status_code, task.content.decode()[:200]],
    }


def test_a_stopped_broker_is_noticed_soon(work):
    work.seen = work.call(ask, database=True)
    if work.seen["tries"] > 1:
        work.unmet(
            "With the broker down your page waits with Celery's own patience, 19 seconds.",
            "config/settings.py, patience.settings_for",
        )


def test_with_the_broker_up_all_is_as_before(work):
    for page, wanted in (("report", 202), ("task", 200)):
        if work.seen[page][0] != wanted:
            work.unmet(f"The {page}: not right.", wanted=wanted, got=work.seen[page])


def test_a_stopped_broker_is_answered_with_503(work):
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and nobody listens: refused
        url = f"redis://127.0.0.1:{nobody.getsockname()[1]}/1"
        env = {"REDIS_URL": url, "CELERY_BROKER_URL": url, "CELERY_RESULT_BACKEND": url}
        seen = work.call(ask, env=env)
    for page in ("report", "task"):
        status, text = seen[page]
        if status == 500:
            work.unmet(
                f"With the broker down the {page} gives an error page (500).",
                "send in the view, the middleware in config/settings.py",
            )
        if status in (200, 202):
            work.unmet(f"With the broker down the view promises a {page}.", "the view")
        if status != 503:
            work.unmet(f"The {page}: not right.", wanted=503, got=status)
        if "detail" not in text:
            work.unmet("The answer has no JSON with a `detail`.", got=text)
