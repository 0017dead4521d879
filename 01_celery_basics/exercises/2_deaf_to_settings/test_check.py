"""Celery's configuration is what the settings say, whatever they say."""

import random

FILE = "config/celery.py, config_from_object"


def read_configuration():
    """Inside the copy: what the Celery app believes."""
    from django.conf import settings

    from config import celery_app

    conf = celery_app.conf
    celery_app.loader.import_default_modules()  # as a worker does when it starts
    return {
        "broker": conf.broker_url or "amqp://, Celery's own default",
        "routes": conf.task_routes,
        "wanted_routes": settings.CELERY_TASK_ROUTES,
        "timezone": conf.timezone,
        "tasks": [name for name in celery_app.tasks if not name.startswith("celery.")],
    }


def ask(work, port):
    work.env.pop("CELERY_BROKER_URL", None)
    url = f"redis://127.0.0.1:{port}/1"
    return url, work.call(read_configuration, env={"REDIS_URL": url})


def test_celery_uses_the_broker_of_the_settings(work):
    url, seen = ask(work, 6379)
    if seen["broker"] != url:
        work.unmet(
            "Celery does not use the broker of your settings.",
            FILE,
            wanted=url,
            got=seen["broker"],
        )


def test_it_follows_when_the_settings_change(work):
    url, seen = ask(work, random.randint(20000, 60000))
    if seen["broker"] != url:
        work.unmet(
            "The broker is a fixed address now: it does not follow REDIS_URL.",
            FILE,
            wanted=url,
            got=seen["broker"],
        )
    work.seen = seen


def test_it_reads_all_the_other_settings_too(work):
    if work.seen["routes"] != work.seen["wanted_routes"]:
        work.unmet(
            "CELERY_TASK_ROUTES was not read: Celery's task_routes differ.",
            FILE,
            wanted=work.seen["wanted_routes"],
            got=work.seen["routes"],
        )


def test_the_worker_still_knows_the_tasks(work):
    if "reports.tasks.write_age_report" not in work.seen["tasks"]:
        work.unmet(
            "A worker would say: Received unregistered task of type "
            "'reports.tasks.write_age_report'.",
            "config/celery.py, autodiscover_tasks",
        )


def send():
    """Inside the copy: send a task; return its id."""
    from reports.tasks import write_age_report

    return write_age_report.delay().id


def test_what_is_sent_arrives_at_that_broker(work):
    work.start_redis()
    sent = work.call(send)
    if [message["id"] for message in work.queued()] != [sent]:
        work.unmet("A task that was sent did not arrive at the broker.", FILE)
