"""The addresses of the machine room."""

import asyncio
import json
import secrets
from collections.abc import AsyncIterator

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from workbook.panel.application import application
from workbook.panel.room.hands import ACTS, CannotDo
from workbook.panel.room.picture import Picture
from workbook.panel.room.slow_tasks import send_twenty
from workbook.panel.safety import Safety
from workbook.panel.templating import TEMPLATES
from workbook.panel.token import check_token
from workbook.run.stage_run import StageRun

EVERY = 0.3  # seconds between two looks for those who watch
AT_MOST = 60  # changed tasks that one look tells of; the rest is counted


def site(picture: Picture) -> Safety:
    """The machine room as an application. Its token is another in every run."""
    routes = [
        Route("/", page),
        Route("/api/state", state),
        Route("/api/processes/{name}/{act}", act, methods=["POST"]),
        Route("/api/twenty", twenty, methods=["POST"]),
        Route("/api/logs/{name}", log),
        Route("/events", events),
    ]
    token = secrets.token_urlsafe(32)
    links = neighbours(picture.run)
    return application(routes, wrong_host=403, picture=picture, token=token, links=links)


def neighbours(run: StageRun) -> list[tuple[str, str]]:
    """Return what runs beside the machine room: words and address each."""
    inbox = [("Inbox", f"{run.inbox_url}/")] if run.services.mail_ui_port else []
    return [(run.title, f"{run.url}/"), *inbox]


def page(request: Request) -> Response:
    picture = request.app.state.picture
    values = {
        "token": request.app.state.token,
        "run": picture.run,
        "hands": picture.hands,
        "queues": picture.queue_names,
        "queue_by_worker": dict(picture.tasks.workers.values()),
    }
    return TEMPLATES.TemplateResponse(request, "room/room.html", values)


def state(request: Request) -> Response:
    return JSONResponse(request.app.state.picture.now(fresh=True))


def log(request: Request) -> Response:
    return JSONResponse({"lines": request.app.state.picture.log(known(request))})


def known(request: Request) -> str:
    name = request.path_params["name"]
    if name not in request.app.state.picture.hands.names:
        raise HTTPException(404, f"There is no process {name!r}")
    return name


def act(request: Request) -> Response:
    check_token(request)
    name, wanted = known(request), request.path_params["act"]
    if wanted not in ACTS:
        raise HTTPException(404, f"There is no act {wanted!r}: {', '.join(ACTS)}")
    given = request.query_params.get("pid", "")
    picture = request.app.state.picture
    child = int(given) if given.isdecimal() else picture.busy_child(name)
    try:
        picture.hands.act(name, wanted, child)
    except CannotDo as reason:
        raise HTTPException(409, str(reason).rstrip(".")) from None
    picture.measured = 0.0  # all who watch see it now
    return JSONResponse(picture.process(name))


def twenty(request: Request) -> Response:
    check_token(request)
    return JSONResponse({"sent": send_twenty(request.app.state.picture.run)})


async def events(request: Request) -> Response:
    headers = {"X-Accel-Buffering": "no"}
    stream = told(request, request.app.state.picture)
    return StreamingResponse(stream, media_type="text/event-stream", headers=headers)


async def told(request: Request, picture: Picture) -> AsyncIterator[str]:
    """The picture whenever it has changed; a line now and then where it has not."""
    version, before, quiet = 0, None, 0.0
    while not (picture.closed or await request.is_disconnected()):
        now = await run_in_threadpool(picture.now, version)
        version = now.pop("version")
        now["tasks"] = now["tasks"][-AT_MOST:]
        words = json.dumps(now)
        quiet += EVERY
        if words != before:
            before, quiet = words, 0.0
            yield f"data: {words}\n\n"
        elif quiet > 10:
            quiet = 0.0
            yield ": still here\n\n"
        await asyncio.sleep(EVERY)
