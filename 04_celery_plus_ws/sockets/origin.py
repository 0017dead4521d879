"""Which pages may open a socket here."""

from channels.security.websocket import OriginValidator
from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.core.handlers.asgi import ASGIRequest


class OriginCheck:
    """Refuses other sites' pages: scheme, host and port must be ours, or trusted.

    CORS does not hold for sockets: a page of any site may open one here. Our cookie is
    SameSite=Lax, so a page of another *site* comes without it. But another port of this
    host, or another subdomain, is the same site: the browser sends the cookie along.
    Every browser names the page's origin. A program that names none has only the cookies
    of its own, and is let in.
    """

    def __init__(self, application):
        self.application = application

    async def __call__(self, scope, receive, send):
        trusted = [origin.replace("*", "") for origin in settings.CSRF_TRUSTED_ORIGINS]
        check = Validator(self.application, own_origins(scope) + trusted)
        await check(scope, receive, send)


class Validator(OriginValidator):
    def valid_origin(self, parsed_origin):
        try:
            return parsed_origin is None or super().valid_origin(parsed_origin)
        except ValueError:  # a port that is no number
            return False


def own_origins(scope) -> list[str]:
    """Return ["http://127.0.0.1:8003"]: how the client calls us. Empty: by a wrong name.

    As a request would see it: ALLOWED_HOSTS is asked, and the proxy that we trust.
    """
    scheme = "https" if scope.get("scheme") == "wss" else "http"
    as_http = {**scope, "type": "http", "method": "GET", "scheme": scheme}
    try:
        request = ASGIRequest(as_http, None)
        return [f"{request.scheme}://{request.get_host()}"]
    except DisallowedHost:
        return []
