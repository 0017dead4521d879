"""How a task that was sent is named in an answer."""

from celery.result import AsyncResult
from django.urls import reverse


def task_link(sent: AsyncResult) -> dict[str, str]:
    """Return the task's id and the address where its state can be read."""
    return {"task_id": sent.id, "status_url": reverse("task-status", args=[sent.id])}
