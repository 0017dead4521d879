"""The report as a plain function, and the task around it."""

import csv

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import InterfaceError

from jobs import progress, tasks
from jobs.models import Job, State
from jobs.working import school_report
from jobs.working.school_report import EmptySchool, rows_of_the_school, write_school_report
from students.models import Student


def test_after_the_last_student_the_first_comes_again(school, monkeypatch):
    monkeypatch.setattr(school_report, "BATCH", 2)
    assert list(rows_of_the_school(5)) == [
        (1, "Pedro", 14),
        (2, "Ana", 15),
        (3, "Rui", 15),
        (4, "Pedro", 14),
        (5, "Ana", 15),
    ]


def test_a_name_that_is_a_formula_does_nothing_in_a_spreadsheet(db, tmp_path):
    Student.objects.create(name="=1+1", age=15)
    write_school_report(tmp_path / "report.csv", 1, 0, lambda done: None)
    assert '''"1","'=1+1","15"''' in (tmp_path / "report.csv").read_text()


def test_an_empty_school_is_an_error_and_not_an_endless_loop(db):
    with pytest.raises(EmptySchool):
        next(rows_of_the_school(1))


def test_the_file_is_there_only_when_it_is_whole(school, tmp_path):
    path, seen = tmp_path / "new" / "report.csv", []

    def report(done):
        seen.append((done, path.exists()))

    write_school_report(path, 4, 0, report)
    assert seen == [(1, False), (2, False), (3, False), (4, False)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = [",".join(row) for row in csv.reader(file)]
    assert lines == ["row,name,age", "1,Pedro,14", "2,Ana,15", "3,Rui,15", "4,Pedro,14"]
    assert list(path.parent.iterdir()) == [path]


def test_what_interrupts_the_report_leaves_no_file(school, tmp_path):
    def report(done):
        raise progress.Superseded

    with pytest.raises(progress.Superseded):
        write_school_report(tmp_path / "report.csv", 4, 0, report)
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def small(ana, school, told):
    return Job.objects.create(owner=ana, total=3)


def test_the_task_ends_with_a_whole_file(small, data_dir):
    tasks.run_job(str(small.pk))
    now = Job.objects.get()
    assert (now.state, now.done, now.percent) == (State.SUCCEEDED, 3, 100)
    assert len((data_dir / "jobs" / now.file).read_text().splitlines()) == 4


def test_an_attempt_that_ends_too_late_takes_its_file_away(small, data_dir, monkeypatch):
    monkeypatch.setattr(progress, "succeed", lambda job, file: None)
    tasks.run_job(str(small.pk))
    assert list((data_dir / "jobs").iterdir()) == []


def test_an_error_that_may_pass_is_tried_again_and_the_third_is_the_end(small, monkeypatch):
    waits = []
    monkeypatch.setattr(
        tasks, "send", lambda task, *args, countdown: waits.append(countdown)
    )

    def disk_full(*_):
        raise OSError("disk full")

    monkeypatch.setattr(tasks, "write_school_report", disk_full)
    for _ in range(3):
        tasks.run_job(str(small.pk))
    assert waits == [1, 2]
    now = Job.objects.get()
    assert (now.state, now.attempt, now.error) == (State.FAILED, 3, "OSError: disk full")


def test_any_other_error_ends_the_job_with_the_reason(small, monkeypatch):
    def broken(*_):
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr(tasks, "write_school_report", broken)
    with pytest.raises(ZeroDivisionError):
        tasks.run_job(str(small.pk))
    now = Job.objects.get()
    assert (now.state, now.error) == (State.FAILED, "ZeroDivisionError: by zero")


def test_a_job_that_takes_too_long_fails_in_words(small, monkeypatch, settings):
    def for_ever(*_):
        raise SoftTimeLimitExceeded

    settings.JOB_TIME_LIMIT = 3600
    monkeypatch.setattr(tasks, "write_school_report", for_ever)
    tasks.run_job(str(small.pk))
    now = Job.objects.get()
    assert (now.state, now.error) == (State.FAILED, "It took longer than 3,600 s.")


def test_a_lost_line_to_the_database_is_worth_another_try(small, monkeypatch):
    def lost(*_):
        raise InterfaceError("connection already closed")

    monkeypatch.setattr(tasks, "send", lambda *_, **__: None)
    monkeypatch.setattr(tasks, "write_school_report", lost)
    tasks.run_job(str(small.pk))
    assert Job.objects.get().state == State.QUEUED
