"""Silent jobs."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from jobs import files, progress, rescue, tasks
from jobs.models import Job, State
from queueing.sending import BrokerDown

pytestmark = pytest.mark.usefixtures("told")


@pytest.fixture
def sent():
    return []


def silent_for(job, seconds, **fields):
    """Make the row look as if nothing had happened for so long; return it."""
    then = timezone.now() - timedelta(seconds=seconds)
    Job.objects.filter(pk=job.pk).update(heartbeat=then, **fields)
    return Job.objects.get(pk=job.pk)


def test_a_running_job_within_its_lease_is_left_alone(job, sent, settings):
    running = silent_for(job, settings.JOB_LEASE - 1, state=State.RUNNING, attempt=1)
    assert not rescue.rescue(running, sent.append)
    assert sent == []


def test_a_running_job_beyond_its_lease_is_sent_again_by_one_of_many(job, sent, settings):
    running = silent_for(job, settings.JOB_LEASE + 1, state=State.RUNNING, attempt=1)
    assert [rescue.rescue(running, sent.append) for _ in range(3)] == [True, False, False]
    assert [again.pk for again in sent] == [job.pk]
    now = Job.objects.get()
    assert (now.state, now.attempt) == (State.QUEUED, 1)
    assert "silent" in now.log


def test_after_three_attempts_a_job_is_given_up(job, sent, settings):
    running = silent_for(job, settings.JOB_LEASE + 1, state=State.RUNNING, attempt=3)
    assert rescue.rescue(running, sent.append)
    assert (sent, Job.objects.get().state) == ([], State.FAILED)
    assert Job.objects.get().error == "The worker died 3 times."


def test_a_queued_job_is_asked_for_less_and_less_often(job, sent, settings):
    for sends in (1, 2, 3):
        due = settings.JOB_QUEUE_LEASE * 2 ** (sends - 1)
        early = silent_for(job, due - 1)
        assert not rescue.rescue(early, sent.append)
        assert rescue.rescue(silent_for(job, due + 1), sent.append)
        assert (len(sent), Job.objects.get().sends) == (sends, sends + 1)


def test_an_ended_job_is_never_rescued(job, sent):
    for state in (State.SUCCEEDED, State.FAILED, State.CANCELLED):
        assert not rescue.rescue(silent_for(job, 99_999, state=state), sent.append)


def test_a_job_that_the_queue_refused_says_so_and_is_sent_when_it_is_back(
    job, monkeypatch, settings
):
    def refuse(*_, **__):
        raise BrokerDown("refused")

    monkeypatch.setattr(tasks, "send", refuse)
    tasks.send_job(job)
    assert "The job waits" in Job.objects.get().message
    again = silent_for(job, settings.JOB_SEND_AGAIN + 1)
    rescue.rescue(again, tasks.send_job)
    assert Job.objects.get().log.count("The job waits") == 1  # said once, not every time

    monkeypatch.setattr(tasks, "send", lambda *_, **__: None)
    call_command("rescue_jobs")
    assert not Job.objects.get().sent  # its time had not come yet
    silent_for(job, settings.JOB_SEND_AGAIN + 1)
    call_command("rescue_jobs")
    now = Job.objects.get()
    assert (now.sent, now.message) == (True, "Waiting for a worker.")


def test_only_files_that_nobody_needs_are_swept(ana, data_dir):
    files.folder().mkdir()
    running = Job.objects.create(owner=ana, total=1, state=State.RUNNING, attempt=2)
    done = Job.objects.create(owner=ana, total=1, state=State.SUCCEEDED, attempt=2)
    progress.change({"pk": done.pk}, file=f"{done.pk}-2.csv")
    failed = Job.objects.create(owner=ana, total=1, state=State.FAILED, attempt=1)
    needed = [f"{running.pk}-2.part", f"{done.pk}-2.csv"]
    rubbish = [f"{running.pk}-1.part", f"{done.pk}-1.csv", f"{failed.pk}-1.part"]
    for name in needed + rubbish:
        (files.folder() / name).touch()

    assert files.sweep() == 3
    assert sorted(path.name for path in files.folder().iterdir()) == sorted(needed)
