"""GET /healthz: is what this process needs there?"""

from django.conf import settings
from django.db import Error, connection
from django.http import JsonResponse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_safe

from queueing.sending import BrokerDown

PATH = "/healthz"


def check_database():
    """Return None when the database answers; its own error otherwise."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def state_of(check) -> str:
    """Return "ok" or "down". With debug on, the reason too: it names addresses."""
    try:
        check()
    except (BrokerDown, Error) as error:
        return f"down: {error}" if settings.DEBUG else "down"
    return "ok"


@require_safe
def healthz(request):
    """200 when all are ok, 503 naming what is down."""
    checks = settings.HEALTH_CHECKS.items()
    states = {name: state_of(import_string(check)) for name, check in checks}
    well = set(states.values()) == {"ok"}
    return JsonResponse(states, status=200 if well else 503)


class HealthMiddleware:
    """Answers before any other middleware does: a probe calls by address.

    The others ask whether the Host is one of ours, and whether the line is encrypted.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return healthz(request) if request.path_info == PATH else self.get_response(request)
