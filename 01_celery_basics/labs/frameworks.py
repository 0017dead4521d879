"""The report by Celery and by Django's own tasks: how each is sent, and what is kept."""

import subprocess
import sys
import time

from celery.exceptions import TimeoutError as ResultTimeout
from celery.result import AsyncResult
from django.conf import settings
from django.db import transaction
from django_tasks.exceptions import TaskResultDoesNotExist

from queueing.sending import broker_errors, send
from reports import tasks

from . import db_tasks

PATIENCE = 20  # seconds for Celery's worker


class NoWorker(Exception):
    """The task was sent, and nobody ran it."""


class WishUndone(Exception):
    """Rolls a transaction back, to see what becomes of a task sent in it."""


def milliseconds(started: float) -> float:
    return round((time.perf_counter() - started) * 1000, 1)


def run_db_worker():
    """Run Django's worker until its queue is empty; its log is returned."""
    command = [sys.executable, "manage.py", "db_worker", "--batch", "--no-reload"]
    ended = subprocess.run(
        [*command, "--no-startup-delay"],
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    if ended.returncode != 0:
        raise NoWorker(f"db_worker ended with status {ended.returncode}: {ended.stderr}")


def wait_for_celery(sent: AsyncResult):
    """Return the task's result. NoWorker when nobody runs it."""
    try:
        with broker_errors():
            return sent.get(timeout=PATIENCE)
    except ResultTimeout:
        raise NoWorker(
            "no Celery worker took the task: start one with `make stage-1`"
        ) from None


def with_celery() -> dict:
    """Send the report by Celery and wait for it."""
    started = time.perf_counter()
    sent = send(tasks.write_age_report)
    sent_ms = milliseconds(started)
    result = wait_for_celery(sent)
    return {"framework": "Celery", "sent_ms": sent_ms, "result": result}


def with_django() -> dict:
    """Send the report by Django's tasks and have it run by its worker."""
    started = time.perf_counter()
    sent = db_tasks.write_age_report.enqueue()
    sent_ms = milliseconds(started)
    run_db_worker()
    sent.refresh()
    return {"framework": "django-tasks", "sent_ms": sent_ms, "result": sent.return_value}


def after_a_rollback() -> dict[str, bool]:
    """Send both in a transaction that is rolled back; return which one ran all the same."""
    try:
        with transaction.atomic():
            by_celery = send(tasks.write_age_report)
            by_django = db_tasks.write_age_report.enqueue()
            raise WishUndone
    except WishUndone:
        pass
    wait_for_celery(by_celery)
    try:
        db_tasks.write_age_report.get_result(by_django.id)
        kept = True
    except TaskResultDoesNotExist:
        kept = False
    return {"Celery": by_celery.successful(), "django-tasks": kept}
