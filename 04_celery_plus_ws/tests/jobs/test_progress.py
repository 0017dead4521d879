"""The one place where a job changes."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from jobs import progress
from jobs.models import LOG_LENGTH, Job, JobLog, State


def test_a_change_is_written_and_then_told_with_the_same_state(job, told):
    changed = progress.change({"pk": job.pk}, line="Half of it.", done=50)

    assert changed.seq == job.seq + 1
    [(group, event)] = told
    assert group == f"job-{job.pk}"
    assert event["snapshot"] == Job.objects.get().snapshot()
    assert (event["snapshot"]["done"], event["snapshot"]["percent"]) == (50, 50)
    assert event["lines"] == [{"log": "Half of it.", "n": 1}]


def test_a_change_that_expects_another_row_writes_and_tells_nothing(job, told):
    assert progress.change({"pk": job.pk, "seq": job.seq + 1}, done=50) is None
    assert Job.objects.get().snapshot() == job.snapshot()
    assert told == []


def test_a_job_is_begun_once_however_often_its_task_is_delivered(job, told):
    first = progress.begin(job.pk)
    assert (first.state, first.attempt) == (State.RUNNING, 1)
    assert progress.begin(job.pk) is None


def test_a_late_attempt_can_no_longer_write(job, told):
    late = progress.begin(job.pk)
    progress.requeue(progress.mine(late), "The worker went silent.")
    progress.begin(job.pk)

    with pytest.raises(progress.Superseded):
        progress.Reporter(late)(10)
    assert progress.succeed(late, "late.csv") is None
    assert progress.fail(progress.mine(late), "late") is None
    now = Job.objects.get()
    assert (now.state, now.attempt, now.done, now.file) == (State.RUNNING, 2, 0, "")


@pytest.mark.parametrize("state", [State.SUCCEEDED, State.FAILED, State.CANCELLED])
def test_nothing_follows_the_end(job, told, state):
    Job.objects.update(state=state)
    assert progress.begin(job.pk) is None
    assert progress.cancel(job.pk) is None
    assert progress.succeed(job, "x.csv") is None
    assert Job.objects.get().state == state


def test_a_cancelled_job_tells_its_worker_at_the_next_report(job, told):
    running = progress.begin(job.pk)
    report = progress.Reporter(running)
    report(1)
    assert progress.cancel(job.pk).final
    report.due = 0
    with pytest.raises(progress.Superseded):
        report(2)


def test_reports_are_few_and_the_first_is_always_told(job, told, settings):
    settings.JOB_REPORT_EVERY = 3600
    report = progress.Reporter(progress.begin(job.pk))
    told.clear()
    for done in range(1, 100):
        report(done)
    assert [event["snapshot"]["done"] for _, event in told] == [1]


def test_reports_go_on_when_their_time_has_come(job, told, settings):
    settings.JOB_REPORT_EVERY = 0
    report = progress.Reporter(progress.begin(job.pk))
    told.clear()
    for done in range(1, 31):
        report(done)
    assert [event["snapshot"]["done"] for _, event in told] == list(range(1, 31))
    lines = [line["log"] for _, event in told for line in event["lines"]]
    assert lines == [f"{tenth} of 100 rows." for tenth in (10, 20, 30)]


def test_the_log_keeps_the_last_lines_with_their_numbers(job, told):
    for number in range(1, 201):
        progress.change({"pk": job.pk}, line=f"{number} " + "x" * 100)
    log = JobLog.objects.get()
    frames = log.frames()
    assert len(log.text) <= LOG_LENGTH
    assert frames[-1]["n"] == 200
    assert all(frame["log"].startswith(f"{frame['n']} x") for frame in frames)
    assert log.frames(after=198) == frames[-2:]


def test_a_line_of_the_log_is_one_line(job, told):
    now = progress.change({"pk": job.pk}, line="a\nb\u2028c\0" + "d" * 300)
    assert now.log.text == "a b c" + "d" * 195 + "\n"


def test_a_report_does_not_touch_the_log(job, told, django_assert_num_queries):
    running = progress.begin(job.pk)
    with django_assert_num_queries(2) as seen:
        progress.change(progress.mine(running), done=1)
    assert not [query for query in seen.captured_queries if "joblog" in query["sql"]]


def test_a_live_attempt_renews_its_lease_and_a_late_one_learns_it_is_late(job, told):
    running = progress.begin(job.pk)
    Job.objects.update(due=timezone.now())
    told.clear()
    assert progress.renew(running)
    now = Job.objects.get()
    assert now.due > timezone.now() + timedelta(seconds=5)
    assert (now.seq, told) == (running.seq, [])  # no news, only a sign of life
    Job.objects.update(token="another worker's")
    assert not progress.renew(running)


def test_an_ended_job_is_due_no_more(job, told):
    assert progress.cancel(job.pk).due is None


@pytest.mark.django_db(transaction=True)
def test_watchers_hear_nothing_of_a_change_that_is_taken_back(job, told):
    def change_and_fail():
        with transaction.atomic():
            progress.change({"pk": job.pk}, done=50)
            raise KeyError("age")

    with pytest.raises(KeyError):
        change_and_fail()
    assert (told, Job.objects.get().done) == ([], 0)


def test_a_worker_that_is_held_up_in_its_claim_takes_over_nobodys_attempt(job, told):
    """The moment between the claim and the reading of the row."""

    def the_others(execute, sql, *rest):
        done = execute(sql, *rest)
        if sql.startswith('UPDATE "jobs_job"') and not others:
            others.append(None)
            progress.requeue({"pk": job.pk}, "The worker went silent.")
            others.append(progress.begin(job.pk))
        return done

    others = []
    with connection.execute_wrapper(the_others):
        late = progress.begin(job.pk)
    assert late is None
    assert others[1].attempt == 2
    assert progress.succeed(others[1], "x.csv").final
