"""Slow tasks have a queue and a worker of their own."""

import re


def where_tasks_go():
    """Inside the copy: the queue of each task, as its router decides."""
    from celery import current_app

    import archive.tasks  # noqa: F401 - the tasks register themselves
    import reports.tasks  # noqa: F401

    def queue(name):
        options = current_app.amqp.router.route({}, name)
        chosen = options.get("queue") or current_app.conf.task_default_queue
        return getattr(chosen, "name", chosen)

    names = ("archive.tasks.fetch_marks", "reports.tasks.write_age_report")
    return [queue(name) for name in names]


def test_slow_tasks_go_elsewhere(work):
    slow, report = work.call(where_tasks_go)
    if slow == report:
        work.unmet(
            f"The slow task goes to the queue `{slow}`, with all the others.",
            "config/settings.py, CELERY_TASK_ROUTES",
        )
    if report != "default":
        work.unmet("The report left its queue.", wanted="default", got=report)
    work.seen = slow


def test_each_queue_has_a_worker_of_its_own(work):
    read = [re.search(r"-Q[ =]?(\S+)", command) for command in work.commands().values()]
    queues = [found[1].split(",") for found in read if found]
    for name in ("default", work.seen):
        if not any(name in names for names in queues):
            work.unmet(
                f"No worker reads the queue `{name}`: its tasks wait for ever.",
                "Procfile.dev, -Q",
            )
    if ["default"] not in queues or [work.seen] not in queues:
        work.unmet(
            f"The worker of `{work.seen}` also takes from `default`: then the report "
            "waits behind slow work again.",
            "Procfile.dev, -Q",
        )


def test_each_worker_has_a_name_of_its_own(work):
    commands = [text for text in work.commands().values() if " worker " in text]
    names = [found[1] for text in commands if (found := re.search(r"-n (\S+)", text))]
    if len(set(names)) != len(commands):
        work.unmet("Two workers have the same name.", "Procfile.dev, -n", got=names)
