"""Who may cancel Ana's job: Ana and the teachers, and nobody else."""

import random

FILE = "jobs/views.py, cancel"


def cancel_as(new_teacher, tries):
    """Inside the copy: a person tries to cancel a job of another; what came of each try."""
    import uuid

    from django.contrib.auth import get_user_model
    from django.test import Client

    from accounts.classroom import seed_users
    from jobs.models import Job

    seed_users()
    users = get_user_model().objects
    users.create_user(new_teacher, is_staff=True)
    seen = {}
    for who, name, owner in tries:
        job = Job.objects.create(owner=users.get(username=owner), total=100)
        client = Client(raise_request_exception=False)
        client.force_login(users.get(username=name))
        answer = client.post(f"/jobs/{job.pk}/cancel/")
        nobodys = uuid.uuid4()
        made_up = client.post(f"/jobs/{nobodys}/cancel/")
        seen[who] = {
            "status": answer.status_code,
            "text": text_of(answer, job.pk),
            "job": job.pk.hex,
            "made_up": [made_up.status_code, text_of(made_up, nobodys)],
        }
    return seen


def text_of(answer, job_id):
    """Return the answer's text; the id that was asked for is known to whoever asked."""
    text = answer.content.decode()
    for form in (str(job_id), repr(job_id), job_id.hex):
        text = text.replace(form, "THE-ID")
    return text


def test_others_cannot_cancel_a_job(work):
    new = f"teacher-{random.randint(1000, 9999)}"
    tries = [["ana", "ana", "ana"], ["bruno", "bruno", "ana"]]
    tries += [["bruno's own", "bruno", "bruno"]]
    tries += [["teacher", "teacher", "ana"], ["new", new, "bruno"]]
    work.seen = work.call(cancel_as, new, tries, database=True)
    states = dict(work.rows("SELECT id, state FROM jobs_job"))
    for seen in work.seen.values():
        seen["state"] = states.get(seen["job"])
    if work.seen["bruno"]["state"] == "cancelled":
        work.unmet("Bruno cancelled Ana's job.", FILE)


def test_others_do_not_learn_that_it_exists(work):
    bruno = work.seen["bruno"]
    if [bruno["status"], bruno["text"]] != bruno["made_up"]:
        work.unmet(
            "The answer tells Bruno that the job exists: for a made-up id it is another.",
            FILE,
            wanted=bruno["made_up"][0],
            got=f"{bruno['status']}, or another text",
        )


MAY = {
    "ana": "The owner cannot cancel it.",
    "bruno's own": "Bruno cannot cancel his own job.",
    "teacher": "The teacher cannot cancel it.",
    "new": "Another teacher, a member of staff of another name, cannot cancel it.",
}


def test_its_owner_and_the_teachers_can(work):
    for who, complaint in MAY.items():
        seen = work.seen[who]
        if seen["status"] != 202 or seen["state"] != "cancelled":
            work.unmet(
                complaint,
                FILE,
                wanted="202, cancelled",
                got=f"{seen['status']}, {seen['state']}",
            )
