"""A certificate is awarded once, however often its task runs."""


def twice():
    """Inside the copy: the page sends both tasks twice; each is done here."""
    from celery import current_app
    from django.test import Client

    import certificates.tasks  # noqa: F401 - the page needs them
    from students.school import seed_school

    seed_school()
    answer = Client().post("/certificates/twice/")
    if answer.status_code != 202:
        return {"status": answer.status_code}
    done = []
    with current_app.connection_for_read() as connection:
        queue = connection.SimpleQueue("default")
        while queue.qsize():
            message = queue.get()
            task = current_app.tasks[message.headers["task"]]
            done.append(task(*message.payload[0]))
    counts = Client().get(f"/certificates/{answer.json()['student']}/").json()
    return {"status": 202, "done": done, "counts": counts}


def test_the_page_sends_both_tasks_twice(work):
    work.seen = work.call(twice, database=True)
    if work.seen["status"] == 404:
        work.unmet("There is no page at /certificates/twice/.", "config/urls.py")
    if work.seen["status"] != 202 or len(work.seen["done"]) != 4:
        work.unmet("Four tasks should be sent.", got=work.seen)


def test_a_certificate_is_awarded_once(work):
    if work.seen["counts"]["certificates"] != 1:
        work.unmet(
            "award_certificate, run twice must leave one certificate.",
            "certificates/tasks.py, awards.award",
            wanted=1,
            got=work.seen["counts"]["certificates"],
        )
    if sum(told is True for told in work.seen["done"]) != 1:
        work.unmet("Only the first run says that it is new.", got=work.seen["done"])


def test_two_sheets_are_printed(work):
    if work.seen["counts"]["printouts"] != 2:
        work.unmet("Two sheets should be printed.", got=work.seen["counts"])
