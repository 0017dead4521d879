"""Which consumer answers at which WebSocket address."""

from chat import routing as chat
from chat.steps import routing as steps
from follow import routing as follow
from sockets.no_socket import any_other

websocket_urlpatterns = [
    *chat.websocket_urlpatterns,
    *follow.websocket_urlpatterns,
    *steps.websocket_urlpatterns,
    any_other,
]
