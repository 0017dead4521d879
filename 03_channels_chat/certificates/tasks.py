"""The same wish twice: a task that may run twice, and one that must not."""

from celery import shared_task

from . import awards


@shared_task
def award_certificate(student_id):
    """Return whether the certificate is new. A second run changes nothing."""
    return awards.award(student_id)


@shared_task
def print_certificate(student_id):
    """Return the number of sheets printed. A second run prints a second sheet."""
    return awards.print_sheet(student_id)
