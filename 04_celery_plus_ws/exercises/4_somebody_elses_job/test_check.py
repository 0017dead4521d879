"""Who may cancel Ana's job: Ana and the teacher, and nobody else."""

FILE = "jobs/views.py, cancel"


def cancel_as(names):
    """Inside the copy: each tries to cancel a job of Ana's; return what came of it."""
    import uuid

    from django.contrib.auth import get_user_model
    from django.test import Client

    from accounts.classroom import seed_users
    from jobs.models import Job

    seed_users()
    users = get_user_model().objects
    seen = {}
    for name in names:
        job = Job.objects.create(owner=users.get(username="ana"), total=100)
        client = Client(raise_request_exception=False)
        client.force_login(users.get(username=name))
        answer = client.post(f"/jobs/{job.pk}/cancel/")
        nobodys = uuid.uuid4()
        made_up = client.post(f"/jobs/{nobodys}/cancel/")
        seen[name] = {
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
    work.seen = work.call(cancel_as, ["ana", "bruno", "teacher"], database=True)
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


def test_its_owner_and_the_teacher_can(work):
    for name in ("ana", "teacher"):
        seen = work.seen[name]
        if seen["status"] != 202 or seen["state"] != "cancelled":
            work.unmet(
                f"The {'teacher' if name == 'teacher' else 'owner'} cannot cancel it.",
                FILE,
                wanted="202, cancelled",
                got=f"{seen['status']}, {seen['state']}",
            )
