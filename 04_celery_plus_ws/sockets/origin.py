"""Which pages may open a socket here."""

from channels.security.websocket import OriginValidator
from django.conf import settings


class OriginCheck(OriginValidator):
    """Refuses the pages of other hosts; lets in a client that names no origin.

    The check protects people: their browser would send our cookie along with a foreign
    page's request. Every browser names the origin; a program that names none has only
    the cookies of its own.
    """

    def __init__(self, application):
        super().__init__(application, settings.ALLOWED_HOSTS)

    def valid_origin(self, parsed_origin):
        return parsed_origin is None or super().valid_origin(parsed_origin)
