"""Asking once more: for one's own ended job, for a running one, for somebody else's."""

import random

FILE = "jobs/views.py"


def ask_all(cases):
    """Inside the copy: ask once for each case."""
    return [ask(*case) for case in cases]


def ask(state, rows, pause_ms, stranger):
    """Ask once more for a job; return what came of it."""
    import json

    from celery import current_app
    from django.contrib.auth import get_user_model
    from django.test import Client

    from jobs.models import Job

    users = get_user_model().objects
    ana = users.create_user(f"ana-{state}-{stranger}")
    bruno = users.create_user(f"bruno-{state}-{stranger}")
    old = Job.objects.create(owner=ana, total=rows, pause_ms=pause_ms, state=state)
    before = Job.objects.filter(pk=old.pk).values().get()
    client = Client(raise_request_exception=False)
    client.force_login(bruno if stranger else ana)
    answer = client.post(f"/jobs/{old.pk}/again/")
    try:
        text = json.loads(answer.content)
    except ValueError:
        text = {}
    new = Job.objects.filter(pk=text.get("id")).first() if "id" in text else None
    sent = []
    with current_app.connection_for_read() as connection:
        for queue in current_app.amqp.queues.values():
            bound = queue.bind(connection.default_channel)
            while message := bound.get(no_ack=True):
                sent.append(message.payload[0])
    return {
        "status": answer.status_code,
        "json": text,
        "sent": sent,
        "same_id": bool(new) and new.pk == old.pk,
        "untouched": Job.objects.filter(pk=old.pk).values().get() == before,
        "jobs": Job.objects.filter(owner__in=[ana, bruno]).count(),
    }


def test_a_job_that_ended_badly_is_started_once_more(work):
    states = ("failed", "cancelled", "running", "queued", "succeeded")
    cases = [[s, random.randint(100, 9000), random.randint(1, 50), False] for s in states]
    cases.append(["failed", 100, 0, True])
    *own, work.seen["strangers"] = work.call(ask_all, cases, database=True)
    jobs = work.rows(
        "SELECT jobs_job.id, total, pause_ms, username, state FROM jobs_job "
        "JOIN auth_user ON auth_user.id = owner_id"
    )
    by_id = {job: rest for job, *rest in jobs}
    for (state, rows, pause_ms, _), seen in zip(cases, own, strict=False):
        seen["new"] = by_id.get(str(seen["json"].get("id")).replace("-", ""))
        seen["wanted"] = [rows, pause_ms, f"ana-{state}-False", "queued"]
        seen["jobs"] = sum(job[:2] == [rows, pause_ms] for job in by_id.values())
    work.seen["own"] = dict(zip(states, own, strict=True))
    for (state, *_), seen in zip(cases[:2], own, strict=False):
        if seen["status"] == 404:
            work.unmet("There is no address /jobs/<id>/again/.", "jobs/urls.py")
        if seen["status"] != 202 or not seen["new"]:
            work.unmet(
                f"For a {state} job the answer is not 202 with the new id.",
                FILE,
                got=f"{seen['status']} {seen['json']}",
            )
        if seen["same_id"] or not seen["untouched"]:
            work.unmet("The old job was changed: it should stay as it was.", FILE)
        if seen["new"] != seen["wanted"]:
            work.unmet(
                "The new job is not as large as the old one.",
                FILE,
                wanted=seen["wanted"],
                got=seen["new"],
            )
        if seen["sent"] != [[seen["json"]["id"]]]:
            work.unmet("The new job was not sent to a worker: it waits for ever.", FILE)


def test_a_job_that_has_not_ended_badly_is_refused(work):
    for state in ("running", "queued", "succeeded"):
        seen = work.seen["own"][state]
        if seen["status"] != 409 or seen["jobs"] != 1:
            work.unmet(
                "A job that still runs, waits or has succeeded is started once more.",
                FILE,
                wanted=409,
                got=f"{seen['status']} for a {state} job",
            )


def test_nobody_starts_somebody_elses_job(work):
    seen = work.seen["strangers"]
    if seen["status"] != 404 or seen["jobs"] != 1:
        work.unmet(
            "Bruno started somebody else's job.", FILE, wanted=404, got=seen["status"]
        )
