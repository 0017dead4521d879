"""Celery's broker is the Redis of the settings, and it knows the project's tasks."""

WANTED = "redis://127.0.0.1:6379/1"


def look():
    """Inside the copy: what Celery believes, seen from the web and from a worker."""
    from celery import current_app

    seen = {"web": current_app.conf.broker_url or ""}
    try:
        from config.celery import app
    except ImportError:
        return seen
    app.loader.import_default_modules()  # as a worker does when it starts
    seen["worker"] = app.conf.broker_url or ""
    seen["tasks"] = [name for name in app.tasks if not name.startswith("celery.")]
    return seen


def ask(work, **env):
    work.env.pop("CELERY_BROKER_URL", None)
    return work.call(look, env=env)


def test_celery_reads_your_settings(work):
    seen = work.seen = ask(work)
    if not seen.get("worker"):
        work.unmet(
            "Celery does not know your broker: it looks for RabbitMQ, its default.",
            'config/celery.py: config_from_object with namespace="CELERY"; '
            "config/settings.py: CELERY_BROKER_URL",
        )


def test_the_broker_is_redis_on_this_machine(work):
    address = work.seen["worker"].replace("localhost", "127.0.0.1")
    if not address.startswith("redis://127.0.0.1:6379"):
        work.unmet(
            "The broker's address is not right.",
            "config/settings.py, REDIS_URL: dots between the numbers, a colon before 6379",
            wanted=WANTED,
            got=address,
        )


def test_the_web_sends_to_the_same_broker(work):
    if work.seen["web"] != work.seen["worker"]:
        work.unmet(
            "The web process does not load your app: config/__init__.py does not import "
            "the app.",
            "config/__init__.py",
        )


def test_the_environment_may_name_another(work):
    other = "redis://127.0.0.1:7001/3"
    seen = ask(work, REDIS_URL=other)
    if seen["worker"] != other:
        work.unmet(
            "The variable REDIS_URL is not heard.",
            "config/settings.py, os.environ.get",
            wanted=other,
            got=seen["worker"],
        )


def test_the_worker_would_find_the_task(work):
    if "archive.tasks.fetch_marks" not in work.seen["tasks"]:
        work.unmet(
            "archive.tasks was not found: a worker would not know fetch_marks.",
            "config/settings.py, INSTALLED_APPS: 'archive'; config/celery.py, "
            "autodiscover_tasks",
        )
