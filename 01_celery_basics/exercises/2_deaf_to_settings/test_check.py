"""Celery's configuration is what the settings say, whatever they say."""

import random

FILE = "config/celery.py, config_from_object"


def read_configuration(limit):
    """Inside the copy: what the Celery app believes, with a setting that is new to it."""
    import os
    import sys
    import tempfile
    from pathlib import Path

    # The settings of the copy and one more, as if somebody had just written it there.
    folder = Path(tempfile.mkdtemp())
    more = f"\nCELERY_TASK_SOFT_TIME_LIMIT = {limit}\n"
    text = Path("config/settings.py").read_text(encoding="utf-8")
    text = text.replace("__file__", repr(str(Path("config/settings.py").resolve())))
    (folder / "settings_and_more.py").write_text(text + more, encoding="utf-8")
    sys.path.append(str(folder))
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings_and_more"

    import django
    from celery import Celery
    from django.conf import settings

    from config import celery_app

    django.setup()
    right = Celery("right", set_as_current=False)
    right.config_from_object("django.conf:settings", namespace="CELERY")
    keys = [key[7:].lower() for key in dir(settings) if key.startswith("CELERY_")]
    celery_app.loader.import_default_modules()  # as a worker does when it starts
    return {
        "broker": celery_app.conf.broker_url or "amqp://, Celery's own default",
        "settings": len(keys),
        "deaf": [k for k in keys if repr(celery_app.conf[k]) != repr(right.conf[k])],
        "tasks": [name for name in celery_app.tasks if not name.startswith("celery.")],
        "modules": [
            f"{app.name}.tasks"
            for app in django.apps.apps.get_app_configs()
            if Path(app.path, "tasks.py").exists()
        ],
    }


def ask(work, port):
    work.env.pop("CELERY_BROKER_URL", None)
    url = f"redis://127.0.0.1:{port}/1"
    limit = random.randint(1000, 9000)
    env = {"REDIS_URL": url}
    return url, work.call(read_configuration, limit, env=env, django=False)


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
    deaf = work.seen["deaf"]
    if deaf:
        work.unmet(
            f"{len(deaf)} of {work.seen['settings']} settings were not read. To name them "
            "one by one is no way: the next one will be forgotten.",
            FILE,
            got=", ".join(f"CELERY_{key.upper()}" for key in deaf),
        )


def test_the_worker_still_knows_the_tasks(work):
    for module in work.seen["modules"]:
        if not any(name.startswith(f"{module}.") for name in work.seen["tasks"]):
            work.unmet(
                f"A worker would say: Received unregistered task of type '{module}...'.",
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
