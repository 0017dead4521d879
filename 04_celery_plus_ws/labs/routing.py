"""/ws/naive/<id>/, to compare with /ws/jobs/<id>/."""

from django.urls import path

from sockets.gate import Gate

from .naive_consumer import NaiveJobConsumer

websocket_urlpatterns = [
    path("ws/naive/<uuid:job_id>/", Gate(NaiveJobConsumer.as_asgi())),
]
