"""Procfile.dev starts the web and a worker that does the tasks."""

import re


def send():
    """Inside the copy: send a quick one."""
    from archive.tasks import fetch_marks

    return fetch_marks.delay(0.1).id


def state(task_id):
    """Inside the copy: what has become of it."""
    from celery.result import AsyncResult

    return AsyncResult(task_id).state


def test_the_procfile_names_a_web(work):
    if not (work.folder / "Procfile.dev").is_file():
        work.unmet("There is no Procfile.dev yet.", "the folder my_work/school/")
    web = work.commands().get("web", "")
    if "runserver" not in web:
        work.unmet("No line `web:` starts runserver.", "Procfile.dev")
    if "$PORT" not in web:
        work.unmet("`web` does not listen on $PORT.", "Procfile.dev, 127.0.0.1:$PORT")


def test_release_makes_the_tables(work):
    if "migrate" not in work.commands().get("release", ""):
        work.unmet("No line `release:` makes the tables: migrate.", "Procfile.dev")


def test_its_worker_does_your_tasks(work):
    if not re.search(r"-Q\s*default\b", work.commands().get("worker", "-Q default")):
        work.unmet(
            "The worker reads no queue `default`: your tasks wait there for ever.",
            "Procfile.dev, `worker`: -Q",
        )
    work.start_redis()
    work.start_worker("worker", "-P solo")
    sent = work.call(send)
    work.wait_for(
        lambda: work.call(state, sent) == "SUCCESS",
        "The worker of Procfile.dev did not do the task.",
        look="Procfile.dev, `worker`",
    )
