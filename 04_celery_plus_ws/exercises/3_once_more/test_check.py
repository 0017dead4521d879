"""Asking once more: for one's own ended job, for a running one, for somebody else's."""

import random

FILE = "jobs/views.py"
STATES = ("failed", "cancelled", "running", "queued", "succeeded")
WAYS = ("as bruno", "as the teacher", "as nobody", "by GET", "from a foreign page")
KEYS = ["file_url", "id", "socket_url", "status_url"]


def ask_all(cases):
    """Inside the copy: ask once for each case."""
    return [ask(*case) for case in cases]


def ask(state, rows, pause_ms, way):
    """Ask once more for a job of Ana's; return what came of it."""
    import json

    from celery import current_app
    from django.contrib.auth import get_user_model
    from django.test import Client

    from jobs.models import Job

    users = get_user_model().objects
    ana, bruno = (users.create_user(f"{name}-{rows}") for name in ("ana", "bruno"))
    teacher = users.create_user(f"teacher-{rows}", is_staff=True)
    old = Job.objects.create(owner=ana, total=rows, pause_ms=pause_ms, state=state)
    before = Job.objects.filter(pk=old.pk).values().get()
    foreign = way == "from a foreign page"
    client = Client(raise_request_exception=False, enforce_csrf_checks=foreign)
    if way != "as nobody":
        client.force_login({"as bruno": bruno, "as the teacher": teacher}.get(way, ana))
    send = client.get if way == "by GET" else client.post
    answer = send(f"/jobs/{old.pk}/again/")
    try:
        text = json.loads(answer.content)
    except ValueError:
        text = {}
    sent = []
    with current_app.connection_for_read() as connection:
        for queue in current_app.amqp.queues.values():
            bound = queue.bind(connection.default_channel)
            while message := bound.get(no_ack=True):
                sent.append(message.payload[0])
    return {
        "status": answer.status_code,
        "json": text if isinstance(text, dict) else {},
        "sent": sent,
        "old": old.pk.hex,
        "untouched": Job.objects.filter(pk=old.pk).values().get() == before,
    }


def test_a_job_that_ended_badly_is_started_once_more(work):
    sizes = iter(random.sample(range(100, 9000), 20))
    cases = [[state, next(sizes), random.randint(1, 50), ""] for state in STATES]
    cases += [["failed", next(sizes), random.randint(1, 50), way] for way in WAYS]
    found = work.call(ask_all, cases, database=True, limit=20)
    jobs = work.rows(
        "SELECT jobs_job.id, total, pause_ms, username, state, attempt, done, error, file "
        "FROM jobs_job JOIN auth_user ON auth_user.id = owner_id"
    )
    for (state, rows, pause_ms, way), seen in zip(cases, found, strict=True):
        theirs = [job for job in jobs if job[3].endswith(f"-{rows}")]
        seen["new"] = [job[1:] for job in theirs if job[0] != seen["old"]]
        owner = "teacher" if way == "as the teacher" else "ana"
        seen["wanted"] = [rows, pause_ms, f"{owner}-{rows}", "queued", 0, 0, "", ""]
        work.seen[way or state] = seen
    for state in STATES[:2]:
        must_be_started(work, work.seen[state], f"a {state} job")


def must_be_started(work, seen, what):
    if seen["status"] == 404:
        work.unmet("There is no address /jobs/<id>/again/.", "jobs/urls.py")
    if not seen["untouched"]:
        work.unmet("The old job was changed: it should stay as it was.", FILE)
    if seen["status"] != 202 or len(seen["new"]) != 1:
        work.unmet(
            f"For {what} the answer is not 202 with one new job.",
            FILE,
            got=f"{seen['status']}, {len(seen['new'])} new jobs",
        )
    if sorted(seen["json"]) != KEYS:
        work.unmet(
            "The answer is not the one of POST /jobs/.",
            FILE,
            wanted=KEYS,
            got=sorted(seen["json"]),
        )
    if list(seen["new"][0]) != seen["wanted"]:
        work.unmet(
            "The new job is not as large as the old one, not for whoever asks, or not a "
            "new one in all the rest.",
            FILE,
            wanted=seen["wanted"],
            got=list(seen["new"][0]),
        )
    if seen["sent"] != [[seen["json"]["id"]]]:
        work.unmet("The new job was not sent to a worker: it waits for ever.", FILE)


def test_a_job_that_has_not_ended_badly_is_refused(work):
    for state in STATES[2:]:
        seen = work.seen[state]
        if seen["status"] != 409 or seen["new"]:
            work.unmet(
                "A job that still runs, waits or has succeeded is started once more.",
                FILE,
                wanted=409,
                got=f"{seen['status']} for a {state} job",
            )


def test_nobody_starts_somebody_elses_job(work):
    seen = work.seen["as bruno"]
    if seen["status"] != 404 or seen["new"]:
        work.unmet(
            "Bruno started somebody else's job.", FILE, wanted=404, got=seen["status"]
        )
    seen = work.seen["as nobody"]
    if seen["status"] != 401 or seen["new"]:
        work.unmet(
            "Somebody who is not logged in does not get the answer that `cancel` gives.",
            f"{FILE}: the decorators",
            wanted=401,
            got=seen["status"],
        )


def test_the_teacher_starts_it_for_herself(work):
    must_be_started(work, work.seen["as the teacher"], "a job that the teacher may see")


def test_only_a_post_of_our_own_pages_starts_one(work):
    for way, status, what in (
        ("by GET", 405, "A GET starts a job: a browser or a crawler may repeat it."),
        ("from a foreign page", 403, "A foreign page can start a job for its visitor."),
    ):
        seen = work.seen[way]
        if seen["status"] != status or seen["new"]:
            work.unmet(what, f"{FILE}: the decorators", wanted=status, got=seen["status"])
