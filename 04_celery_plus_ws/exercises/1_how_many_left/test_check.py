"""The snapshot says what is left; over HTTP and to the group alike."""

import random

FILE = "jobs/models.py, snapshot"


def look_all(cases):
    """Inside the copy: look at some jobs."""
    return [look(*case) for case in cases]


def look(total, done):
    """A job that has got so far; return what its owner sees."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from jobs.models import Job, State
    from jobs.progress import news

    ana = get_user_model().objects.create_user(f"ana{total}", password="classroom")
    job = Job.objects.create(owner=ana, total=total, done=done, state=State.RUNNING)
    client = Client()
    client.force_login(ana)
    http = client.get(f"/jobs/{job.pk}/").json()
    return {"http": http, "socket": news(job, False)["snapshot"]}


def test_the_snapshot_says_how_many_rows_are_left(work):
    cases = []
    for total in (random.randint(200, 900), random.randint(2000, 9000)):
        cases.append([total, random.randint(101, total - 1)])
    found = work.call(look_all, cases, database=True)
    for (total, done), seen in zip(cases, found, strict=True):
        for way, snapshot in seen.items():
            if "left" not in snapshot:
                work.unmet(f"The snapshot has no `left` ({way}).", FILE, got=snapshot)
            if snapshot["left"] != total - done:
                work.unmet(
                    f"Of {total} rows {done} are done; not so many are left.",
                    FILE,
                    wanted=total - done,
                    got=snapshot["left"],
                )
        if seen["http"]["total"] != total or seen["http"]["done"] != done:
            work.unmet("Something else in the snapshot has changed.", FILE)
