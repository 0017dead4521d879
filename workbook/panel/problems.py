"""Errors as answers: JSON under /api/, a page elsewhere."""

import logging

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from workbook.panel.templating import TEMPLATES

log = logging.getLogger("workbook.panel")


def problem(
    request: Request, status: int, sentence: str, headers: dict | None = None
) -> Response:
    if request.url.path.startswith("/api/"):
        return JSONResponse({"detail": sentence}, status, headers)
    return TEMPLATES.TemplateResponse(
        request, "problem.html", {"sentence": sentence}, status, headers
    )


async def refused(request: Request, error: HTTPException) -> Response:
    """What a view refused, or no view was found for."""
    return problem(request, error.status_code, f"{error.detail}.", error.headers)


async def failed(request: Request, error: Exception) -> Response:
    log.error("%s %s failed: %r", request.method, request.url.path, error)
    return problem(request, 500, "This could not be done; the log says why.")
