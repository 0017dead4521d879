"""The sockets of the four steps."""

from django.urls import path

from chat.frames import check_message
from sockets.gate import Gate

from .async_group import AsyncConsumer
from .echo import EchoConsumer
from .group import GroupConsumer
from .json_group import JsonConsumer

websocket_urlpatterns = [
    path("ws/steps/echo/", Gate(EchoConsumer.as_asgi(), check_message)),
    path("ws/steps/group/<room>/", Gate(GroupConsumer.as_asgi(), check_message)),
    path("ws/steps/async/<room>/", Gate(AsyncConsumer.as_asgi(), check_message)),
    path("ws/steps/json/<room>/", Gate(JsonConsumer.as_asgi(), check_message)),
]
