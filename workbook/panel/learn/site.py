"""The addresses of the course."""

import secrets

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from workbook.build.step import steps
from workbook.exercises import progress
from workbook.panel.application import application
from workbook.panel.learn.course import Course
from workbook.panel.safety import Safety
from workbook.panel.templating import TEMPLATES
from workbook.panel.token import check_token

ACTS = ("check", "hint", "solution", "reset", "edit")


def site(course: Course) -> Safety:
    routes = [
        Route("/", page),
        Route("/api/course", state),
        Route("/api/exercises/{name}/{act}", act, methods=["POST"]),
        Route("/progress.json", export),
    ]
    token = secrets.token_urlsafe(32)
    return application(routes, wrong_host=403, course=course, token=token)


def page(request: Request) -> Response:
    values = {
        "token": request.app.state.token,
        "steps": steps(),
        "exercises": request.app.state.course.exercises.values(),
        "acts": ACTS,
    }
    return TEMPLATES.TemplateResponse(request, "learn/learn.html", values)


def state(request: Request) -> Response:
    return JSONResponse(request.app.state.course.state())


def act(request: Request) -> Response:
    check_token(request)
    course, wanted = request.app.state.course, request.path_params["act"]
    one = course.exercises.get(request.path_params["name"])
    if one is None or wanted not in ACTS:
        raise HTTPException(404)
    said = getattr(course, wanted)(one)
    return JSONResponse({"answer": said, **course.row(one)})


def export(request: Request) -> Response:
    """What one has done, as a small file for the teacher."""
    headers = {"Content-Disposition": 'attachment; filename="progress.json"'}
    return JSONResponse(progress.read(), headers=headers)
