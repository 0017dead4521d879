"""Feedback, outside the request."""

from celery import shared_task

from outbox.delivery import deliver
from outbox.mail_task import MailTask

from .letter import compose


@shared_task(base=MailTask)
def email_feedback(letter_id):
    """Mail the feedback. Running it twice sends one mail (outbox)."""
    return deliver(letter_id, lambda letter: compose(letter.address, letter.text))
