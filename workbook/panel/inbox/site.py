"""Which address of the inbox answers what. Each answers in a thread: the store is files."""

import re
from urllib.parse import quote

from starlette.endpoints import HTTPEndpoint
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from workbook.panel.application import application
from workbook.panel.inbox.store import Mail, Store
from workbook.panel.safety import Safety
from workbook.panel.templating import TEMPLATES

LONGEST_LIST = 500  # messages on one page
# The HTML of a mail is a stranger's: it may style itself, and nothing else.
MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


def site(store: Store, smtp_address: str, links=()) -> Safety:
    """The inbox as an application; `links` are for the header of its pages."""
    message = "/messages/{mail_id}"
    routes = [
        Route("/", inbox),
        Route(message, show),
        Route(f"{message}/html", show_html),
        Route(message + "/attachments/{number}", attachment),
        Route("/clear", Clear),
        Route("/api/messages", Messages),
        Route(f"/api{message}", show_as_json),
    ]
    return application(routes, store=store, smtp_address=smtp_address, links=links)


def inbox(request: Request) -> Response:
    state = request.app.state
    version = f'"{state.store.version}"'  # taken first: never newer than the list itself
    headers = {"ETag": version}
    if request.headers.get("if-none-match") == version:
        return Response(status_code=304, headers=headers)
    page = {
        "mails": state.store.newest_first(),
        "longest": LONGEST_LIST,
        "smtp_address": state.smtp_address,
    }
    return TEMPLATES.TemplateResponse(request, "inbox/list.html", page, headers=headers)


def found(request: Request) -> Mail:
    mail = request.app.state.store.get(request.path_params["mail_id"])
    if not mail:
        raise HTTPException(404)
    return mail


def show(request: Request) -> Response:
    page = {"mail": found(request), "attachment_url": attachment_url}
    return TEMPLATES.TemplateResponse(request, "inbox/message.html", page)


def show_html(request: Request) -> Response:
    mail = found(request)
    if not mail.letter.html:
        raise HTTPException(404)
    return HTMLResponse(mail.letter.html, headers={"Content-Security-Policy": MAIL_POLICY})


def show_as_json(request: Request) -> Response:
    return JSONResponse(described(found(request)))


def attachment(request: Request) -> Response:
    number = request.path_params["number"]
    mail = found(request)
    if not re.fullmatch("[0-9]{1,6}", number):
        raise HTTPException(404)
    one = request.app.state.store.attachment(mail.id, int(number))
    if not one:
        raise HTTPException(404)
    plain = re.sub(r'[^ -~]|["\\%]', "_", one.name)  # for clients from before RFC 5987
    names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(one.name, safe='')}"
    headers = {
        "Content-Type": one.content_type,
        "Content-Disposition": f"attachment; {names}",
        "Content-Security-Policy": MAIL_POLICY,
    }
    return Response(one.data, headers=headers)


class Clear(HTTPEndpoint):
    """Asks first."""

    def get(self, request: Request) -> Response:
        page = {"count": len(request.app.state.store.newest_first())}
        return TEMPLATES.TemplateResponse(request, "inbox/clear.html", page)

    def post(self, request: Request) -> Response:
        request.app.state.store.clear()
        return RedirectResponse("/", 303)


class Messages(HTTPEndpoint):
    """For programs."""

    def get(self, request: Request) -> Response:
        mails = request.app.state.store.newest_first()
        return JSONResponse({"messages": [described(mail) for mail in mails]})

    def delete(self, request: Request) -> Response:
        request.app.state.store.clear()
        return Response(status_code=204)


def attachment_url(mail: Mail, number: int) -> str:
    return f"/messages/{mail.id}/attachments/{number}"


def described(mail: Mail) -> dict:
    """One message as the JSON clients get it."""
    return {
        "id": mail.id,
        "from": mail.sender,
        "to": list(mail.to),
        "cc": list(mail.letter.cc),
        "envelope": {"from": mail.envelope_from, "to": list(mail.envelope_to)},
        "subject": mail.letter.subject,
        "date": mail.received.isoformat(),
        "size": mail.size,
        "text": mail.letter.text,
        "attachments": [
            {
                "name": one.name,
                "content_type": one.content_type,
                "size": one.size,
                "url": attachment_url(mail, number),
            }
            for number, one in enumerate(mail.letter.attachments, start=1)
        ],
    }
