"""Slow jobs: in the request, outside it, retried, stopped, and queued in a crowd."""

import time

from rest_framework.decorators import api_view
from rest_framework.response import Response

from queueing.links import task_link
from queueing.sending import send
from students.tasks import count_students

from . import marks, tasks
from .serializers import SecondsSerializer, StubbornSerializer

CROWD = 5  # slow tasks
CROWD_SECONDS = 2  # each


def asked(request, serializer):
    """Return the checked values of the request's body; a bad one is answered with 400."""
    wanted = serializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data


@api_view(["POST"])
def blocking(request):
    """Do the job in the request: the visitor waits for all of it."""
    seconds = asked(request, SecondsSerializer)["seconds"]
    started = time.perf_counter()
    answer = marks.fetch_marks(seconds)
    return Response({"result": answer, "seconds": round(time.perf_counter() - started, 3)})


@api_view(["POST"])
def task(request):
    """Hand the job to a worker and answer at once."""
    seconds = asked(request, SecondsSerializer)["seconds"]
    started = time.perf_counter()
    sent = send(tasks.fetch_marks, seconds)
    taken = round(time.perf_counter() - started, 3)
    return Response({**task_link(sent), "seconds": taken}, status=202)


@api_view(["POST"])
def retry(request):
    """Start the task that fails twice and then succeeds."""
    return Response(task_link(send(tasks.fetch_register)), status=202)


@api_view(["POST"])
def limit(request):
    """Start a task that would run for 20 s and is stopped; stubborn: by force."""
    stubborn = asked(request, StubbornSerializer)["stubborn"]
    return Response(task_link(send(tasks.sort_papers, 20, stubborn)), status=202)


@api_view(["POST"])
def crowd(request):
    """Five slow tasks, then the same quick one in each of the two queues."""
    slow = [send(tasks.fetch_marks, CROWD_SECONDS) for _ in range(CROWD)]
    behind = send(count_students, queue="slow")
    apart = send(count_students)
    return Response(
        {
            "slow": [task_link(sent) for sent in slow],
            "quick_in_slow_queue": task_link(behind),
            "quick_in_default_queue": task_link(apart),
        },
        status=202,
    )
