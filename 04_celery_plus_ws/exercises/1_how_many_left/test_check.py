"""The snapshot says what is left; over HTTP and to the group alike."""

import random

FILE = "jobs/models.py, snapshot"


def look_all(cases):
    """Inside the copy: look at some jobs."""
    return [look(*case) for case in cases]


def look(total, done, state):
    """A job that has got so far; return what its owner sees."""
    from django.contrib.auth import get_user_model
    from django.test import Client

    from jobs.models import Job
    from jobs.progress import news

    name = f"ana-{state}-{total}"
    ana = get_user_model().objects.create_user(name, password="classroom")
    job = Job.objects.create(owner=ana, total=total, done=done, state=state)
    client = Client()
    client.force_login(ana)
    http = client.get(f"/jobs/{job.pk}/").json()
    return {"http": http, "socket": news(job, [])["snapshot"]}


def test_the_snapshot_says_how_many_rows_are_left(work):
    cases = []
    for total in (random.randint(200, 900), random.randint(2000, 9000)):
        cases.append([total, random.randint(101, total - 1), "running"])
        cases += [[total, 0, "queued"], [total, total, "succeeded"]]
        cases += [
            [total, random.randint(1, total - 1), end] for end in ("failed", "cancelled")
        ]
    found = work.call(look_all, cases, database=True)
    for (total, done, state), seen in zip(cases, found, strict=True):
        for way, snapshot in seen.items():
            if "left" not in snapshot:
                work.unmet(f"The snapshot has no `left` ({way}).", FILE, got=snapshot)
            if not isinstance(snapshot["left"], int):
                work.unmet("`left` is a text, not a number.", FILE, got=snapshot)
            if snapshot["left"] != total - done:
                work.unmet(
                    f"Of {total} rows of a {state} job {done} are done; not so many are "
                    "left.",
                    FILE,
                    wanted=total - done,
                    got=snapshot["left"],
                )
        rest = [seen["http"].get(name) for name in ("total", "done", "state")]
        if rest != [total, done, state]:
            work.unmet("Something else in the snapshot has changed.", FILE)
