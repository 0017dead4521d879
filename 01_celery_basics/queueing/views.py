"""What has become of a task?"""

import uuid

from celery import current_app
from django.http import Http404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from queueing.sending import broker_errors


def describe(error: Exception) -> str:
    """Return the error's name and its words."""
    words = ", ".join(str(word) for word in error.args)
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


@api_view()
def task_status(request, task_id):
    """The state of a task by its id, with its result or its error.

    An id that nobody ever sent reads PENDING: the result store keeps no list of
    the tasks that were sent, only the results that came in.
    """
    try:
        task_id = str(uuid.UUID(task_id))
    except ValueError:
        raise Http404(f"{task_id!r} is not a task id.") from None
    with broker_errors():
        meta = current_app.backend.get_task_meta(task_id)  # state and result in one read
    state, value = meta["status"], meta.get("result")
    done, failed = state == "SUCCESS", isinstance(value, Exception)
    return Response(
        {
            "task_id": task_id,
            "state": state,
            "result": value if done else None,
            "error": describe(value) if failed else None,
        }
    )
