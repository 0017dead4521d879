"""The chat's sockets."""

from django.urls import path

from sockets.gate import Gate

from .consumers import ChatConsumer, EverybodyConsumer
from .frames import check_message

websocket_urlpatterns = [
    path("ws/chat/<path:room>/", Gate(ChatConsumer.as_asgi(), check_message)),
    path("chat/", Gate(EverybodyConsumer.as_asgi())),
]
