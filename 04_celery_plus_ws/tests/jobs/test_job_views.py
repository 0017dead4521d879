"""Jobs over HTTP."""

import json
import uuid

import pytest
from django.db import connection, transaction
from django.test import AsyncClient, Client
from django.test.utils import CaptureQueriesContext

from jobs import progress, tasks, views
from jobs.models import Job, State
from jobs.working import files
from queueing.sending import BrokerDown

BROWSER = {"Accept": "text/html,*/*"}


@pytest.fixture(autouse=True)
def sent(told, monkeypatch):
    """What went into the queue: nothing runs it."""
    ids = []
    monkeypatch.setattr(tasks, "send", lambda task, id, **_: ids.append(id))
    return ids


@pytest.fixture
def client_of():
    def client(user):
        client = Client()
        client.force_login(user)
        return client

    return client


@pytest.fixture
def client(client_of, ana):
    return client_of(ana)


def post(client, body, **more):
    return client.post("/jobs/", json.dumps(body), "application/json", **more)


def test_json_and_form_start_a_job_each(client, school, sent):
    for answer in (
        post(client, {"rows": 7, "pause_ms": 2}),
        client.post("/jobs/", {"rows": "7", "pause_ms": "2"}),
    ):
        assert answer.status_code == 202
        id = answer.json()["id"]
        assert answer.json() == {
            "id": id,
            "status_url": f"/jobs/{id}/",
            "socket_url": f"/ws/jobs/{id}/",
            "file_url": f"/jobs/{id}/file/",
        }
        job = Job.objects.get(pk=id)
        assert (job.total, job.pause_ms, job.state) == (7, 2, State.QUEUED)
    assert len(sent) == 2


def test_without_words_it_is_the_whole_school_without_a_pause(client, school):
    post(client, {})
    assert (Job.objects.get().total, Job.objects.get().pause_ms) == (3, 0)


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ({"rows": 0}, "rows:"),
        ({"rows": 1_000_001}, "rows:"),
        ({"rows": "many"}, "rows:"),
        ({"rows": [1]}, "rows:"),
        ({"rows": 1.5}, "rows:"),
        ({"rows": True}, "rows:"),
        ({"pause_ms": -1}, "pause_ms:"),
        ({"pause_ms": 51}, "pause_ms:"),
        ({"row": 7}, "There is no field row."),
        ({"b": 1, "a": 1, "rows": 1}, "There is no field a, b."),
        ([], "object"),
        ("rows", "object"),
    ],
)
def test_a_bad_wish_is_refused_with_the_reason(client, school, body, word):
    answer = post(client, body)
    assert answer.status_code == 400
    assert word in answer.json()["detail"]
    assert not Job.objects.exists()


@pytest.mark.parametrize("body", [b"{", b"\xff", b"[" * 30_000])
def test_a_body_that_is_no_json_is_refused(client, body):
    answer = client.post("/jobs/", body, "application/json")
    assert (answer.status_code, answer.json()["detail"]) == (400, "The body is not JSON.")


def test_a_body_of_another_kind_is_refused(client):
    assert client.post("/jobs/", b"rows: 3", "text/yaml").status_code == 400


def test_an_empty_school_has_no_report(client):
    assert "no students" in post(client, {}).json()["detail"]


def test_a_browser_without_javascript_gets_pages(client, school):
    answer = client.post("/jobs/", {"rows": "3"}, headers=BROWSER)
    assert (answer.status_code, b"look again" in answer.content) == (202, True)
    answer = client.post("/jobs/", {"rows": "0"}, headers=BROWSER)
    assert (answer.status_code, b"greater than" in answer.content) == (400, True)
    page = client.get("/", headers=BROWSER).content.decode()
    assert "look again</a>" in page
    assert "refresh" not in page  # or it would take away what is being typed


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_person_has_so_many_live_jobs_and_no_more(
    client, client_of, bruno, school, sent, settings, accept
):
    settings.JOB_LIVE_LIMIT = 2
    for _ in range(2):
        assert post(client, {"rows": 1}).status_code == 202
    answer = client.post("/jobs/", {"rows": "1"}, headers={"Accept": accept})
    assert answer.status_code == 429
    assert b"cancel one" in answer.content
    assert (len(sent), Job.objects.count()) == (2, 2)
    assert post(client_of(bruno), {"rows": 1}).status_code == 202  # others may
    progress.cancel(Job.objects.filter(owner__username="ana").first().pk)
    assert post(client, {"rows": 1}).status_code == 202


@pytest.mark.django_db(transaction=True)
def test_a_job_is_sent_when_its_row_is_there_for_a_worker_and_not_before(job, sent):
    with transaction.atomic():
        tasks.send_job(job)
        assert sent == []
    assert sent == [str(job.pk)]


def test_a_queue_that_is_down_is_no_reason_to_refuse(client, school, monkeypatch):
    def refuse(*_, **__):
        raise BrokerDown("down")

    monkeypatch.setattr(tasks, "send", refuse)
    assert post(client, {}).status_code == 202
    assert Job.objects.get().sent is False
    assert b"The job waits" in client.get("/").content


def test_a_stranger_is_sent_to_the_log_in(db):
    for path in ("/jobs/", f"/jobs/{uuid.uuid4()}/", f"/jobs/{uuid.uuid4()}/file/"):
        assert Client().get(path).status_code == 401
        answer = Client().get(path, headers=BROWSER)
        assert (answer.status_code, answer.url) == (302, f"/accounts/login/?next={path}")
    assert Client().post("/jobs/").status_code == 401
    assert Client().get("/").status_code == 200


def test_a_post_without_the_csrf_token_is_refused_with_the_remedy(ana):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ana)
    answer = post(client, {})
    assert (answer.status_code, "X-CSRFToken" in answer.json()["detail"]) == (403, True)
    client.get("/")
    token = client.cookies["csrftoken"].value
    answer = post(client, {"rows": 1}, headers={"X-CSRFToken": token})
    assert answer.status_code == 202


def test_a_list_has_ones_own_jobs_and_for_staff_all(client_of, job, ana, bruno, teacher):
    def ids(user):
        return [one["id"] for one in client_of(user).get("/jobs/").json()["jobs"]]

    assert (ids(ana), ids(bruno), ids(teacher)) == ([str(job.pk)], [], [str(job.pk)])
    [one] = client_of(ana).get("/jobs/").json()["jobs"]
    assert (one["owner"], one["seq"]) == ("ana", 1)


def test_a_list_reads_no_logs_and_as_much_for_many_jobs_as_for_one(client, job, ana):
    progress.change({"pk": job.pk}, line="A line of its log.")
    with CaptureQueriesContext(
        connection,
    ) as one:
        client.get("/jobs/")
    for _ in range(10):
        Job.objects.create(owner=ana, total=1)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/jobs/").json()["jobs"]) == 11
    assert len(one) == len(many)
    assert not any("joblog" in query["sql"] for query in many)


@pytest.mark.parametrize("path", ["", "file/"])
def test_another_ones_job_and_no_job_are_answered_alike(client_of, bruno, job, path):
    theirs = client_of(bruno).get(f"/jobs/{job.pk}/{path}")
    never = client_of(bruno).get(f"/jobs/{uuid.uuid4()}/{path}")
    assert (theirs.status_code, theirs.content) == (404, never.content)


def test_cancel_is_for_the_owner_and_only_before_the_end(client, client_of, bruno, job):
    path = f"/jobs/{job.pk}/cancel/"
    assert client_of(bruno).post(path).status_code == 404
    assert client.get(path).status_code == 405
    assert client.post(path).json()["state"] == "cancelled"
    assert client.post(path).status_code == 202  # twice is no error
    Job.objects.update(state=State.SUCCEEDED)
    assert client.post(path).status_code == 409


@pytest.mark.django_db(transaction=True)
async def test_the_file_comes_in_chunks_once_it_is_ready(job, ana, data_dir, monkeypatch):
    monkeypatch.setattr(views, "CHUNK", 4)
    client = AsyncClient()
    await client.aforce_login(ana)
    answer = await client.get(f"/jobs/{job.pk}/file/")
    assert (answer.status_code, "queued" in answer.json()["detail"]) == (409, True)
    files.folder().mkdir()
    (files.folder() / "x.csv").write_text("row,name,age\n")
    await Job.objects.aupdate(state=State.SUCCEEDED, file="x.csv")
    answer = await client.get(f"/jobs/{job.pk}/file/")
    chunks = [chunk async for chunk in answer]
    assert chunks == [b"row,", b"name", b",age", b"\n"]
    assert "attachment" in answer["Content-Disposition"]
    (files.folder() / "x.csv").unlink()
    assert (await client.get(f"/jobs/{job.pk}/file/")).status_code == 410
