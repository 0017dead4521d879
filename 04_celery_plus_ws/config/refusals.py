"""Requests that cannot be served, answered in JSON with a reason.

A middleware and not a `try` in each view: a stopped broker or a body that is
too large may meet any of them.
"""

from django.conf import settings
from django.http import JsonResponse

from config.queueing import BrokerDown


class RefusalMiddleware:
    """413 for a body over the limit, 503 when the broker is down."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdecimal():
            return JsonResponse({"detail": "Content-Length is not a number."}, status=400)
        if int(length) > limit:
            detail = f"The body has {length} bytes; at most {limit} are accepted."
            return JsonResponse({"detail": detail}, status=413)
        return self.get_response(request)

    def process_exception(self, request, exception):
        if isinstance(exception, BrokerDown):
            detail = (
                "The task queue does not answer, so nothing was started. Try again soon."
            )
            return JsonResponse(
                {"detail": detail}, status=503, headers={"Retry-After": "5"}
            )
        return None
