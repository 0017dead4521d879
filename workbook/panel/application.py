"""One web application out of routes: safe, with its static files, its errors in words."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, Mount
from starlette.staticfiles import StaticFiles

from workbook.panel.problems import failed, refused
from workbook.panel.safety import Safety

STATIC = Path(__file__).with_name("static")
HANDLERS = {HTTPException: refused, OSError: failed, Exception: failed}


def application(routes: list[BaseRoute], wrong_host: int = 421, **state: object) -> Safety:
    """The routes, whose views find `state` as `request.app.state`, behind the checks."""
    static = Mount("/static", StaticFiles(directory=STATIC))
    app = Starlette(routes=[*routes, static], exception_handlers=HANDLERS)
    for name, value in state.items():
        setattr(app.state, name, value)
    return Safety(app, wrong_host)
