"""Tasks go to the queue `default`, and a worker that reads it does them."""


def queue_of_the_task():
    """Inside the copy: open the page; return the queue in which its task lies."""
    from celery import current_app
    from django.test import Client

    Client().get("/slow/task/")
    for name in {"default", "celery", *current_app.amqp.queues}:
        with current_app.connection_for_read() as connection:
            if connection.SimpleQueue(name).qsize():
                return name
    return "(none)"


def send():
    """Inside the copy: send a quick one."""
    from archive.tasks import fetch_marks

    return fetch_marks.delay(0.1).id


def test_your_page_sends_to_the_queue_default(work):
    queue = work.call(queue_of_the_task)
    if queue != "default":
        work.unmet(
            f"Your page sends to the queue `{queue}`, and the worker reads `default`.",
            "config/settings.py, CELERY_TASK_DEFAULT_QUEUE",
        )


def test_a_worker_does_it(work):
    work.start_redis()
    command = "celery -A config worker -Q default -P solo --without-mingle -l INFO"
    look = work.start(command.split(), work.folder)
    sent = work.call(send)
    work.wait_for(
        lambda: any(word in look()["text"] for word in ("succeeded in", "raised unex")),
        "The worker did not do the task.",
    )
    lines = look()["text"].splitlines()
    if not any(sent in line and "succeeded" in line for line in lines):
        said = [line for line in lines if "raised unex" in line]
        work.unmet(
            f"The task failed in the worker: {said[0] if said else lines[-1]}",
            "archive/tasks.py: the task calls marks.fetch_marks",
        )
