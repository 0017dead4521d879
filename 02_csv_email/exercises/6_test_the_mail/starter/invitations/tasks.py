"""The parents' evening, by e-mail. Nothing to change here."""

from celery import shared_task
from django.core.mail import EmailMessage
from django.db import transaction

from students.models import Student


@shared_task
def invite(student_id, address):
    """Mail the invitation to `address`; return how many mails were sent."""
    student = Student.objects.get(pk=student_id)
    message = EmailMessage(
        subject="Parents' evening",
        body=f"Dear parents of {student.name},\nplease come on Friday at six.\n",
        to=[address],
    )
    return message.send()


def enrol(name, age, address):
    """Enrol a student; invite the parents once the row is committed."""
    with transaction.atomic():
        student = Student.objects.create(name=name, age=age)
        transaction.on_commit(lambda: invite.delay(student.pk, address))
    return student
