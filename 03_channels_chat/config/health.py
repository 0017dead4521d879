"""GET /healthz: is what this process needs there?"""

from django.db import DatabaseError, connection
from django.http import JsonResponse
from django.views.decorators.http import require_safe

from queueing.sending import BrokerDown, check_broker


def database_state():
    """Return "ok", or "down" with the reason."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError as error:
        return f"down: {error}"
    return "ok"


def broker_state():
    """Return "ok", or "down" with the reason."""
    try:
        check_broker()
    except BrokerDown as error:
        return f"down: {error}"
    return "ok"


@require_safe
def healthz(request):
    """200 when both are ok, 503 naming what is down."""
    states = {"database": database_state(), "broker": broker_state()}
    well = set(states.values()) == {"ok"}
    return JsonResponse(states, status=200 if well else 503)
