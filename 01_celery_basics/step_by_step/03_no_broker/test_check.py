"""The page sends a task and answers at once; the old page still does the work itself."""


def ask(path):
    """Inside the copy: open the page; return what it slept and what it sent."""
    import time

    from celery import current_app
    from django.test import Client

    slept = []
    time.sleep = slept.append
    answer = Client().get(path)
    sent = []
    with current_app.connection_for_read() as connection:
        for queue in current_app.amqp.queues.values():
            while message := queue.bind(connection.default_channel).get(no_ack=True):
                sent.append([message.headers["task"], message.payload[0]])
    return {"status": answer.status_code, "slept": sum(slept), "sent": sent}


def test_the_new_page_has_its_address(work):
    work.seen = work.call(ask, "/slow/task/")
    if work.seen["status"] == 404:
        work.unmet("There is no page at /slow/task/ yet.", "config/urls.py, urlpatterns")
    if work.seen["status"] != 200:
        work.unmet("The page fails.", wanted=200, got=work.seen["status"])


def test_it_sends_a_task_and_does_not_wait(work):
    if work.seen["slept"]:
        work.unmet(
            "The page did the work itself: the visitor waited.",
            "archive/views.py: .delay(3) sends, a plain call works here and now",
        )
    sent = work.seen["sent"]
    if len(sent) != 1:
        work.unmet("The page did not send just one task.", wanted=1, got=len(sent))
    if sent[0][0] != "archive.tasks.fetch_marks":
        work.unmet(
            "Another task was sent.", wanted="archive.tasks.fetch_marks", got=sent[0][0]
        )


def test_the_old_page_is_as_it_was(work):
    if not work.call(ask, "/slow/blocking/")["slept"]:
        work.unmet("/slow/blocking/ does not ask the archive any more.", "archive/views.py")
