"""Reports have a queue and a worker of their own; the rest is as it was."""

import random
import shlex


def where_tasks_go(fresh):
    """Inside the copy: send tasks; return the queue that each is in."""
    from celery import current_app

    from archive.tasks import fetch_marks
    from attendance.tasks import roll_call
    from reports.tasks import write_age_report

    declared = list(current_app.amqp.queues)
    sent = {"report": write_age_report.delay(), "slow": fetch_marks.delay(0)}
    sent["quick"] = roll_call.delay()
    sent["fresh"] = current_app.send_task(f"reports.tasks.{fresh}")
    sent["other"] = current_app.send_task(f"students.tasks.{fresh}")
    found = {}
    with current_app.connection_for_read() as connection:
        for name, queue in current_app.amqp.queues.items():
            bound = queue.bind(connection.default_channel)
            while message := bound.get(no_ack=True):
                found[message.headers["id"]] = name
    queues = {what: found.get(result.id, "none") for what, result in sent.items()}
    return {"declared": declared, "queues": queues}


def race(students):
    """Inside the copy: only the reports' worker runs. Which tasks does it do?"""
    import time

    from celery import current_app

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
    listens = current_app.control.inspect(timeout=1).active_queues() or {}
    return {
        "state": report.state,
        "quick": quick.state,
        "in_report": result["students"],
        "listens": {name: [q["name"] for q in queues] for name, queues in listens.items()},
    }


def option(command, *names):
    """Return what stands behind an option of a worker's command; "" without it."""
    words = shlex.split(command)
    for number, word in enumerate(words):
        if word in names and number + 1 < len(words):
            return words[number + 1]
        if word.partition("=")[0] in names and "=" in word:
            return word.partition("=")[2]
        if word[:2] in names and not word.startswith("--") and len(word) > 2:
            return word[2:]
    return ""


def queues_of(command):
    return sorted(option(command, "-Q", "--queues").split(","))


def test_each_task_is_put_into_its_queue(work):
    seen = work.call(where_tasks_go, f"write_{random.randint(100, 999)}")
    queues = seen["queues"]
    if queues["report"] != "reports":
        work.unmet(
            f"The report was put into the queue `{queues['report']}`, not `reports`.",
            "config/settings.py: CELERY_TASK_QUEUES and CELERY_TASK_ROUTES",
        )
    if queues["fresh"] != "reports":
        work.unmet(
            "The report goes to `reports`, but a task that is added to reports/tasks.py "
            f"goes to `{queues['fresh']}`.",
            "config/settings.py: CELERY_TASK_ROUTES",
        )
    if queues["slow"] != "slow":
        work.unmet(
            f"The slow jobs belong into `slow`; they go to `{queues['slow']}`.",
            "config/settings.py: CELERY_TASK_ROUTES",
        )
    for what in ("quick", "other"):
        if queues[what] != "default":
            work.unmet(
                f"The other tasks should stay in `default`; they go to `{queues[what]}`.",
                "config/settings.py: CELERY_TASK_ROUTES",
            )
    for name in ("default", "slow", "reports"):
        if name not in seen["declared"]:
            work.unmet(
                f"CELERY_TASK_QUEUES has no queue `{name}`.",
                "config/settings.py: CELERY_TASK_QUEUES",
                got=seen["declared"],
            )


def test_a_worker_of_its_own_listens(work):
    commands = work.commands()
    workers = {name: c for name, c in commands.items() if "worker" in shlex.split(c)}
    own = [name for name, c in workers.items() if queues_of(c) == ["reports"]]
    if not own:
        work.unmet(
            "No worker of its own listens to `reports`: reports would wait for ever.",
            "Procfile.dev: a line with -Q reports",
        )
    for name, queue in (("worker", "default"), ("slowworker", "slow")):
        if queues_of(workers.get(name, "")) != [queue]:
            work.unmet(
                f"`{name}` should be there as it was, and listen to `{queue}` alone.",
                "Procfile.dev",
                got=workers.get(name, "no such line"),
            )
    if not {"web", "beat"} <= commands.keys():
        work.unmet("`web` and `beat` should be there as they were.", "Procfile.dev")
    names = [option(command, "-n", "--hostname") for command in workers.values()]
    if "" in names:
        work.unmet(f"The worker `{own[0]}` has no name of its own.", "Procfile.dev, -n")
    for name in names:
        if names.count(name) > 1:
            work.unmet(
                f"Two workers have the name {name}: neither can be asked for alone.",
                "Procfile.dev, -n",
            )
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
    if left != ["default"] or list(seen["listens"].values()) != [["reports"]]:
        work.unmet(
            "The reports' worker also takes tasks of other queues.",
            "Procfile.dev, -Q",
            got=seen["listens"],
        )
