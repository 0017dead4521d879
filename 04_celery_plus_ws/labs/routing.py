"""/ws/naive/<id>/ and /ws/reading/<id>/, to compare with /ws/jobs/<id>/."""

from django.conf import settings
from django.urls import path

from sockets.gate import Gate

from .cost_consumer import CostConsumer
from .naive_consumer import NaiveJobConsumer
from .reading_consumer import ReadingJobConsumer

websocket_urlpatterns = [
    path("ws/naive/<uuid:job_id>/", Gate(NaiveJobConsumer.as_asgi())),
    path("ws/reading/<uuid:job_id>/", Gate(ReadingJobConsumer.as_asgi())),
]
if settings.DEBUG:  # what a process does inside is for the classroom alone
    websocket_urlpatterns.append(path("ws/labs/cost/", CostConsumer.as_asgi()))
