"""A quick task, to see how long it waits behind slow ones."""

from celery import shared_task

from .models import Student


@shared_task
def count_students():
    """Return how many students there are. It only reads: safe to repeat."""
    return Student.objects.count()
