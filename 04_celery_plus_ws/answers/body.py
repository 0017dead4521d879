"""The fields that a client sends, in a form or as JSON."""

import json

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class BadBody(Exception):
    """The body of the request cannot be understood; the text says why."""


def fields_of(request) -> dict:
    """Return the fields of a form or of a JSON object; BadBody for anything else."""
    if request.content_type in FORMS or not request.body:
        return request.POST
    if request.content_type != "application/json":
        raise BadBody("Send a form or JSON (Content-Type: application/json).")
    try:
        fields = json.loads(request.body)
    except (ValueError, RecursionError):  # not JSON, or a thousand brackets deep
        raise BadBody("The body is not JSON.") from None
    if not isinstance(fields, dict):
        raise BadBody('The JSON must be an object, like {"rows": 100}.')
    return fields
