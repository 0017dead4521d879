"""Silent jobs."""

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import progress, rescue, tasks
from jobs.models import Job, State, in_seconds
from jobs.working import files
from queueing.sending import BrokerDown

pytestmark = pytest.mark.usefixtures("told")


@pytest.fixture
def sent():
    return []


def silent_for(job, seconds, **fields):
    """Make the row look as if its lease had lapsed so long ago; return it."""
    Job.objects.filter(pk=job.pk).update(due=in_seconds(-seconds), **fields)
    return Job.objects.get(pk=job.pk)


def lease_of(job) -> float:
    """Return for how many seconds nobody will ask for this job."""
    return (Job.objects.get(pk=job.pk).due - timezone.now()).total_seconds()


def test_a_running_job_within_its_lease_is_left_alone(job, sent):
    running = silent_for(job, -1, state=State.RUNNING, attempt=1)
    assert not rescue.rescue(running, sent.append)
    assert (sent, list(rescue.silent_jobs())) == ([], [])


def test_a_running_job_beyond_its_lease_is_sent_again_by_one_of_many(job, sent):
    running = silent_for(job, 1, state=State.RUNNING, attempt=1)
    assert [rescue.rescue(running, sent.append) for _ in range(3)] == [True, False, False]
    assert [again.pk for again in sent] == [job.pk]
    now = Job.objects.get()
    assert (now.state, now.attempt) == (State.QUEUED, 1)
    assert "silent" in now.log.text


def test_a_lease_that_is_renewed_at_the_last_moment_holds(job, sent):
    seen = silent_for(job, 1, state=State.RUNNING, attempt=1)
    assert progress.renew(seen)
    assert not rescue.rescue(seen, sent.append)


def test_after_three_attempts_a_job_is_given_up(job, sent):
    running = silent_for(job, 1, state=State.RUNNING, attempt=3)
    assert rescue.rescue(running, sent.append)
    assert (sent, Job.objects.get().state) == ([], State.FAILED)
    assert Job.objects.get().error == "The worker died 3 times."


def test_a_queued_job_is_asked_for_less_and_less_often_but_not_for_ever(
    job, sent, settings
):
    leases = []
    for _ in range(8):
        assert rescue.rescue(silent_for(job, 1), sent.append)
        leases.append(round(lease_of(job) / settings.JOB_QUEUE_LEASE))
    assert (len(sent), leases) == (8, [2, 4, 8, 16, 32, 32, 32, 32])
    assert Job.objects.get().sends == rescue.MOST_SENDS  # and fits its column


def test_a_queue_that_was_away_costs_no_patience(job, monkeypatch, settings):
    def refuse(*_, **__):
        raise BrokerDown("refused")

    monkeypatch.setattr(tasks, "send", refuse)
    for _ in range(20):  # an outage of some minutes
        silent_for(job, 1)
        rescue.rescue_all(tasks.publish)
        assert lease_of(job) < settings.JOB_SEND_AGAIN + 1
    silent_for(job, 1)
    monkeypatch.setattr(tasks, "send", lambda *_, **__: None)
    rescue.rescue_all(tasks.publish)
    now = Job.objects.get()
    assert (now.sent, now.sends) == (True, 1)
    assert lease_of(job) < settings.JOB_QUEUE_LEASE + 1


def test_one_broken_row_does_not_stop_the_sweep(ana, sent, monkeypatch, caplog):
    broken, sound = (Job.objects.create(owner=ana, total=1) for _ in range(2))
    for job in (broken, sound):
        silent_for(job, 1)
    honest = rescue.rescue

    def rescue_or_raise(job, send):
        if job.pk == broken.pk:
            raise ValueError("broken")
        return honest(job, send)

    monkeypatch.setattr(rescue, "rescue", rescue_or_raise)
    assert rescue.rescue_all(sent.append) == 1
    assert [job.pk for job in sent] == [sound.pk]
    assert f"Job {broken.pk} could not be rescued." in caplog.text


def test_while_the_queue_is_away_the_sweep_asks_it_once(ana, monkeypatch):
    asked = []

    def refuse(task, id, **_):
        asked.append(id)
        raise BrokerDown("refused")

    monkeypatch.setattr(tasks, "send", refuse)
    for _ in range(3):
        silent_for(Job.objects.create(owner=ana, total=1), 1)
    assert rescue.rescue_all(tasks.publish) == 0
    assert len(asked) == 1


def test_the_sweep_loads_what_is_due_and_nothing_else(
    ana, job, sent, django_assert_num_queries
):
    for state in State:
        Job.objects.create(owner=ana, total=1, state=state, due=in_seconds(60))
    Job.objects.filter(pk=job.pk).update(due=in_seconds(60))
    with django_assert_num_queries(1):
        assert rescue.rescue_all(sent.append) == 0


def test_an_ended_job_is_never_rescued(job, sent):
    for state in (State.SUCCEEDED, State.FAILED, State.CANCELLED):
        assert not rescue.rescue(silent_for(job, 99_999, state=state), sent.append)


def test_a_job_that_the_queue_refused_says_so_and_is_sent_when_it_is_back(job, monkeypatch):
    def refuse(*_, **__):
        raise BrokerDown("refused")

    monkeypatch.setattr(tasks, "send", refuse)
    tasks.send_job(job)
    assert "The job waits" in Job.objects.get().message
    rescue.rescue(silent_for(job, 1), tasks.send_job)
    assert (
        Job.objects.get().log.text.count("The job waits") == 1
    )  # said once, not every time

    monkeypatch.setattr(tasks, "send", lambda *_, **__: None)
    call_command("rescue_jobs")
    assert not Job.objects.get().sent  # its time had not come yet
    silent_for(job, 1)
    call_command("rescue_jobs")
    now = Job.objects.get()
    assert (now.sent, now.message) == (True, "Waiting for a worker.")


def test_only_files_that_nobody_needs_are_swept(ana, data_dir):
    files.folder().mkdir()
    running = Job.objects.create(owner=ana, total=1, state=State.RUNNING, attempt=2)
    done = Job.objects.create(owner=ana, total=1, state=State.SUCCEEDED, attempt=2)
    progress.change({"pk": done.pk}, file=f"{done.pk}-2.csv")
    failed = Job.objects.create(owner=ana, total=1, state=State.FAILED, attempt=1)
    strangers = ["backup-old.csv", "notes.txt", f"{done.pk}-x.csv"]
    needed = [f"{running.pk}-2.part", f"{done.pk}-2.csv", *strangers]
    rubbish = [f"{running.pk}-1.part", f"{done.pk}-1.csv", f"{failed.pk}-1.part"]
    for name in needed + rubbish:
        (files.folder() / name).touch()

    assert files.sweep() == 3
    assert sorted(path.name for path in files.folder().iterdir()) == sorted(needed)


def test_a_report_is_kept_for_its_time_and_no_longer(ana, data_dir, settings):
    files.folder().mkdir()
    done = Job.objects.create(owner=ana, total=1, state=State.SUCCEEDED, attempt=1)
    path = files.path_of(done)
    Job.objects.update(file=path.name)
    path.touch()
    assert files.sweep() == 0
    settings.JOB_FILE_AGE = -1
    assert (files.sweep(), path.exists()) == (1, False)


def test_the_sweep_of_files_asks_in_parts_and_for_no_log(
    ana, data_dir, monkeypatch, django_assert_num_queries
):
    monkeypatch.setattr(files, "AT_ONCE", 2)
    files.folder().mkdir()
    for _ in range(3):
        files.path_of(Job.objects.create(owner=ana, total=1)).touch()
    with django_assert_num_queries(2) as seen:
        assert files.sweep() == 0
    assert "message" not in seen.captured_queries[0]["sql"]
