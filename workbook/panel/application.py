"""One web application out of routes: safe, with its static files, its errors in words."""

from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from workbook.panel.problems import failed, refused
from workbook.panel.safety import Safety
from workbook.stages import FOLDERS, ROOT

STATIC = Path(__file__).with_name("static")
FRAME = ROOT / FOLDERS[1] / "static" / "frame.css"  # these pages look like the stages'
HANDLERS = {HTTPException: refused, OSError: failed, Exception: failed}


def application(routes: list[BaseRoute], wrong_host: int = 421, **state: object) -> Safety:
    """The routes, whose views find `state` as `request.app.state`, behind the checks.

    The header of each page names what runs beside it: `links`, words and address each.
    """
    static = Mount("/static", StaticFiles(directory=STATIC))
    frame = Route("/static/frame.css", lambda request: FileResponse(FRAME))
    app = Starlette(routes=[*routes, frame, static], exception_handlers=HANDLERS)
    for name, value in state.items():
        setattr(app.state, name, value)
    return Safety(app, wrong_host)
