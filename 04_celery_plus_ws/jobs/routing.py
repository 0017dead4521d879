"""/ws/jobs/<id>/"""

from django.urls import path

from sockets.gate import Gate

from .consumers import JobConsumer

websocket_urlpatterns = [
    path("ws/jobs/<uuid:job_id>/", Gate(JobConsumer.as_asgi())),
]
