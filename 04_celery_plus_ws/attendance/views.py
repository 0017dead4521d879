"""What beat has brought about so far."""

from django.http import JsonResponse
from django.views.decorators.http import require_safe

from . import roll_call


@require_safe
def roll_calls(request):
    """The last five roll calls, the newest first."""
    return JsonResponse({"roll_calls": roll_call.latest(5)})
