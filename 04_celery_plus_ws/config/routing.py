"""Which consumer answers at which WebSocket address."""

from chat import routing as chat
from jobs import routing as jobs

websocket_urlpatterns = [
    *chat.websocket_urlpatterns,
    *jobs.websocket_urlpatterns,
    chat.any_other,
]
