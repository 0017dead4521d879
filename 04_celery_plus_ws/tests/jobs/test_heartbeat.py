"""A sign of life beside the work."""

import threading
import time
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.utils import timezone

from jobs import progress
from jobs.models import Job
from jobs.working import heartbeat

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def running(job, told, settings):
    settings.JOB_LEASE = 0.15  # seconds; a beat every twentieth of a second
    return progress.begin(job.pk)


def wait_for(condition):
    deadline = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_a_step_that_is_silent_for_long_keeps_its_lease(running):
    with heartbeat.beating(running):
        for _ in range(3):
            before = Job.objects.get().due
            wait_for(lambda before=before: Job.objects.get().due > before)
    Job.objects.update(due=timezone.now() - timedelta(seconds=9))
    assert Job.objects.get().due < timezone.now()  # nobody renews it afterwards


def test_a_beat_that_fails_is_followed_by_the_next(running, monkeypatch, caplog):
    honest, tries = progress.renew, []

    def renew(job):
        tries.append(job)
        if len(tries) == 1:
            raise OperationalError("the line is dead")
        return honest(job)

    monkeypatch.setattr(progress, "renew", renew)
    before = Job.objects.get().due
    with heartbeat.beating(running):
        wait_for(lambda: Job.objects.get().due > before)
    assert "the line is dead" in caplog.text


def test_a_superseded_attempt_beats_no_more(running, monkeypatch):
    beats = []
    monkeypatch.setattr(progress, "renew", beats.append)
    with heartbeat.beating(running):
        wait_for(lambda: "heartbeat" not in [one.name for one in threading.enumerate()])
    assert len(beats) == 1
