"""Which consumer answers at which WebSocket address."""

websocket_urlpatterns = []
