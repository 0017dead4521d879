"""Which consumer answers at which WebSocket address."""

from chat import routing as chat
from follow import routing as follow
from jobs import routing as jobs
from labs import routing as labs
from sockets.no_socket import any_other

websocket_urlpatterns = [
    *chat.websocket_urlpatterns,
    *follow.websocket_urlpatterns,
    *jobs.websocket_urlpatterns,
    *labs.websocket_urlpatterns,
    any_other,
]
