"""The chat's sockets."""

from django.urls import path

from sockets.gate import Gate

from .consumers import ChatConsumer, EverybodyConsumer
from .follow import FollowConsumer
from .frames import check_message
from .steps.async_group import AsyncConsumer
from .steps.echo import EchoConsumer
from .steps.group import GroupConsumer
from .steps.json_group import JsonConsumer

websocket_urlpatterns = [
    path("ws/chat/<path:room>/", Gate(ChatConsumer.as_asgi(), check_message)),
    path("chat/", Gate(EverybodyConsumer.as_asgi())),
    path("ws/follow/", Gate(FollowConsumer.as_asgi())),
    path("ws/steps/echo/", Gate(EchoConsumer.as_asgi(), check_message)),
    path("ws/steps/group/<room>/", Gate(GroupConsumer.as_asgi(), check_message)),
    path("ws/steps/async/<room>/", Gate(AsyncConsumer.as_asgi(), check_message)),
    path("ws/steps/json/<room>/", Gate(JsonConsumer.as_asgi(), check_message)),
]
