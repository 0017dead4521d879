"""The ASGI application: HTTP goes to Django, WebSockets to the consumers."""

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django_app = get_asgi_application()  # loads the apps: only then may consumers be imported

from channels.auth import AuthMiddlewareStack  # noqa: E402
from channels.routing import ProtocolTypeRouter, URLRouter  # noqa: E402

from config.routing import websocket_urlpatterns  # noqa: E402
from sockets.connections import close_after_each_request  # noqa: E402
from sockets.origin import OriginCheck  # noqa: E402

close_after_each_request()

application = ProtocolTypeRouter(
    {
        "http": django_app,
        "websocket": OriginCheck(AuthMiddlewareStack(URLRouter(websocket_urlpatterns))),
    }
)
