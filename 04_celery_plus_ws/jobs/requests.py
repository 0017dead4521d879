"""What the views must know of a request: who asks, for what, and in which form."""

import json
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.http import JsonResponse

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class BadBody(Exception):
    """The body of the request cannot be understood; the text says why."""


def is_browser(request) -> bool:
    """Return whether the client wants a page; a program gets JSON."""
    return "text/html" in request.headers.get("Accept", "")


def refusal(detail: str, status: int) -> JsonResponse:
    return JsonResponse({"detail": detail}, status=status)


def not_logged_in(request):
    """Return the answer to somebody unknown: the log-in page, or 401 for a program."""
    if is_browser(request):
        return redirect_to_login(request.get_full_path())
    return refusal("Log in at /accounts/login/ first.", 401)


def users_only(view):
    """Let only logged-in users reach `view`."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.is_authenticated:
            return not_logged_in(request)
        return view(request, *args, **kwargs)

    return guarded


def fields_of(request) -> dict:
    """Return the fields of a form or of a JSON object; BadBody for anything else."""
    if request.content_type in FORMS or not request.body:
        return request.POST
    if request.content_type != "application/json":
        raise BadBody("Send a form or JSON (Content-Type: application/json).")
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):
        raise BadBody("The body is not JSON.") from None
    if not isinstance(fields, dict):
        raise BadBody('The JSON must be an object, like {"rows": 100}.')
    return fields
