"""The same slow job twice: in the request, and outside it."""

import time

from django.urls import reverse
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response

from config.queueing import send

from . import marks, tasks


class SecondsSerializer(serializers.Serializer):
    seconds = serializers.FloatField(min_value=0, max_value=10, default=3)


def seconds_of(request) -> float:
    """Return how long the job shall take, in seconds; anything else is a 400."""
    wanted = SecondsSerializer(data=request.data)
    wanted.is_valid(raise_exception=True)
    return wanted.validated_data["seconds"]


@api_view(["POST"])
def blocking(request):
    """Do the job in the request: the visitor waits for all of it."""
    started = time.perf_counter()
    answer = marks.fetch_marks(seconds_of(request))
    return Response({"result": answer, "seconds": round(time.perf_counter() - started, 3)})


@api_view(["POST"])
def task(request):
    """Hand the job to a worker and answer at once."""
    started = time.perf_counter()
    sent = send(tasks.fetch_marks, seconds_of(request))
    return Response(
        {
            "task_id": sent.id,
            "status_url": reverse("task-status", args=[sent.id]),
            "seconds": round(time.perf_counter() - started, 3),
        },
        status=202,
    )
