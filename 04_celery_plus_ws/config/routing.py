"""Which consumer answers at which WebSocket address."""

from chat import routing as chat

websocket_urlpatterns = [*chat.websocket_urlpatterns, chat.any_other]
