"""The token of a page: who presses a button must have read the page."""

import hmac

from starlette.exceptions import HTTPException
from starlette.requests import Request


def check_token(request: Request) -> None:
    """Refuse a request without the token of this server's own page."""
    given = request.headers.get("x-room-token", "")
    if not hmac.compare_digest(given.encode(), request.app.state.token.encode()):
        raise HTTPException(403, "The page's token is missing: reload the page")
