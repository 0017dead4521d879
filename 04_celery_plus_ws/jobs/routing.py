"""/ws/jobs/<id>/, and the naive one to compare with."""

from django.urls import path

from sockets.gate import Gate

from .consumers import JobConsumer
from .naive_consumer import NaiveJobConsumer

websocket_urlpatterns = [
    path("ws/jobs/<uuid:job_id>/", Gate(JobConsumer.as_asgi())),
    path("ws/naive/<uuid:job_id>/", Gate(NaiveJobConsumer.as_asgi())),
]
