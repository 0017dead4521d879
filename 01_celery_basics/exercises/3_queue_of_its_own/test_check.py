"""Reports have a queue and a worker of their own; the rest is as it was."""

import random
import shlex


def where_tasks_go():
    """Inside the copy: send three tasks; return the queue that each is in."""
    from celery import current_app

    from archive.tasks import fetch_marks
    from attendance.tasks import roll_call
    from reports.tasks import write_age_report

    sent = {"report": write_age_report.delay(), "slow": fetch_marks.delay(0)}
    sent["quick"] = roll_call.delay()
    found = {}
    with current_app.connection_for_read() as connection:
        for name, queue in current_app.amqp.queues.items():
            bound = queue.bind(connection.default_channel)
            while message := bound.get(no_ack=True):
                found[message.headers["id"]] = name
    return {what: found.get(result.id, "none") for what, result in sent.items()}


def race(students):
    """Inside the copy: only the reports' worker runs. Which tasks does it do?"""
    import time

    from attendance.tasks import roll_call
    from reports.tasks import write_age_report
    from students.models import Student

    Student.objects.bulk_create(Student(name=name, age=14) for name in students)
    quick = roll_call.delay()
    report = write_age_report.delay()
    deadline = time.monotonic() + 8
    while not report.ready() and time.monotonic() < deadline:
        time.sleep(0.03)
    result = report.result if report.successful() else {"students": str(report.result)}
    return {
        "state": report.state,
        "quick": quick.state,
        "in_report": result["students"],
    }


def listens(command):
    """Return the queues behind -Q of a worker's command."""
    words = shlex.split(command)
    if "worker" not in words:
        return []
    for number, word in enumerate(words):
        if word in ("-Q", "--queues") and number + 1 < len(words):
            return words[number + 1].split(",")
        if word.startswith("--queues="):
            return word.partition("=")[2].split(",")
    return ["(all)"]


def test_each_task_is_put_into_its_queue(work):
    queues = work.call(where_tasks_go)
    if queues["report"] != "reports":
        work.unmet(
            f"The report was put into the queue `{queues['report']}`, not `reports`.",
            "config/settings.py: CELERY_TASK_QUEUES and CELERY_TASK_ROUTES",
        )
    if queues["slow"] != "slow":
        work.unmet(
            f"The slow jobs belong into `slow`; they go to `{queues['slow']}`.",
            "config/settings.py: CELERY_TASK_ROUTES",
        )
    if queues["quick"] != "default":
        work.unmet(
            f"The other tasks should stay in `default`; they go to `{queues['quick']}`.",
            "config/settings.py: CELERY_TASK_ROUTES",
        )


def test_a_worker_of_its_own_listens(work):
    commands = work.commands()
    own = [name for name, command in commands.items() if listens(command) == ["reports"]]
    if not own:
        work.unmet(
            "No worker of its own listens to `reports`: reports would wait for ever.",
            "Procfile.dev: a line with -Q reports",
        )
    if not any(listens(command) == ["default"] for command in commands.values()):
        work.unmet("Nobody listens to `default` alone any more.", "Procfile.dev")
    work.seen["worker"] = own[0]


def test_that_worker_writes_reports_and_leaves_other_tasks_alone(work):
    work.start_redis()
    work.make_tables()
    work.start_worker(work.seen["worker"])
    students = [f"Pupil {random.random()}" for _ in range(random.randint(3, 9))]
    seen = work.call(race, students)
    written = "".join(work.files("reports").values())
    if seen["state"] != "SUCCESS" or not all(name in written for name in students):
        work.unmet(
            "The worker did not write the report.",
            "Procfile.dev and config/settings.py",
            wanted=f"SUCCESS, a report of {len(students)} students",
            got=f"{seen['state']}, {seen['in_report']}",
        )
    left = [message["queue"] for message in work.queued()]
    if seen["quick"] != "PENDING" or left != ["default"]:
        work.unmet("The reports' worker also takes tasks of `default`.", "Procfile.dev, -Q")
