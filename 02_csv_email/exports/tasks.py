"""The report by e-mail, outside the request."""

from celery import shared_task

from outbox.delivery import deliver
from outbox.mail_task import MailTask

from .letter import report_for


@shared_task(base=MailTask)
def email_student_report(letter_id):
    """Build the report and mail it. Running it twice sends one mail (outbox)."""
    return deliver(letter_id, lambda letter: report_for(letter.address))
