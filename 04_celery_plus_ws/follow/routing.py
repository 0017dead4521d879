"""/ws/follow/"""

from django.urls import path

from sockets.gate import Gate

from .consumers import FollowConsumer

websocket_urlpatterns = [
    path("ws/follow/", Gate(FollowConsumer.as_asgi())),
]
