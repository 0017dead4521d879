"""Requests that cannot be served, answered in JSON with a reason.

A middleware and not a `try` in each view: a stopped broker, a body that is too
large or a forgotten slash may meet any of them.
"""

import logging

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpResponse, JsonResponse
from django.urls import is_valid_path

from queueing.sending import BrokerDown

logger = logging.getLogger(__name__)
CHARSETS = ("utf-8", "utf8", "us-ascii")  # of what is sent; others raise when it is read


def refuse(status: int, detail: str, **headers) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status, headers=headers)


def refuse_body(request) -> JsonResponse | None:
    """Return why the body is not accepted, from its headers; None when it is."""
    meta = request.META
    if request.content_params.get("charset", CHARSETS[0]).lower() not in CHARSETS:
        return refuse(400, "Send text as UTF-8.")
    if meta.get("HTTP_TRANSFER_ENCODING"):
        return refuse(411, "Send the body with a Content-Length, not in chunks.")
    length = meta.get("CONTENT_LENGTH") or "0"
    if not length.isdecimal() or len(length) > 18:
        return refuse(400, "Content-Length is not a sensible number.")
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE  # bytes
    if int(length) > limit:
        return refuse(413, f"The body has {length} bytes; at most {limit} are accepted.")
    return None


def add_slash(request) -> HttpResponse | None:
    """Return the way to the same address with a slash at its end, if that exists.

    308 and not 301: a client repeats it with the same method and the same body.
    Django's own APPEND_SLASH shows a traceback to whoever forgets it in a POST.
    """
    path = request.path_info
    if path.endswith("/") or not is_valid_path(f"{path}/"):
        return None
    target = request.get_full_path(force_append_slash=True)
    return HttpResponse(
        f"Addresses end in a slash here: {target}\n",
        status=308,
        headers={"Location": target},
        content_type="text/plain; charset=utf-8",
    )


class RefusalMiddleware:
    """413 for a body too large, 503 when a server behind us is down, 404 for /api/."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        refusal = refuse_body(request)
        if refusal:
            return refusal
        response = self.get_response(request)
        if response.status_code == 404 and request.resolver_match is None:
            return self.no_such_address(request) or response
        return response

    def no_such_address(self, request):
        """Return a better answer than the page of an unknown address; None to keep it."""
        with_slash = add_slash(request)
        if with_slash or not request.path_info.startswith("/api/"):
            return with_slash
        return refuse(404, "There is no such address; GET /api/ lists what there is.")

    def process_exception(self, request, exception):
        if isinstance(exception, BrokerDown):
            detail = "The task queue does not answer. Try again in a few seconds."
            return refuse(503, detail, **{"Retry-After": "5"})
        if isinstance(exception, OperationalError | InterfaceError):
            logger.error("The database failed at %s: %s", request.path, exception)
            detail = "The database cannot answer. Has `manage.py migrate` been run?"
            return refuse(503, detail, **{"Retry-After": "5"})
        return None
