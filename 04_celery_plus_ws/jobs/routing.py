"""/ws/jobs/ for a page with many jobs, /ws/jobs/<id>/ for one."""

from django.urls import path

from sockets.gate import Gate

from .consumers import JobConsumer, JobsConsumer, check_wish

websocket_urlpatterns = [
    path("ws/jobs/", Gate(JobsConsumer.as_asgi(), check_wish)),
    path("ws/jobs/<uuid:job_id>/", Gate(JobConsumer.as_asgi())),
]
