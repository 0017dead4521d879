"""Which address answers what. Knows the store and the pages, and no sockets."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from workbook.panel.inbox import pages
from workbook.panel.inbox.store import Mail, Store

STATIC = Path(__file__).parent / "static"
STATIC_TYPES = {
    "inbox.css": "text/css; charset=utf-8",
    "inbox.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
}
# The HTML of a mail is a stranger's: it may style itself, and nothing else.
MAIL_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
)


@dataclass(frozen=True)
class Answer:
    body: str | bytes = b""
    status: int = 200
    content_type: str = "text/html; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Site:
    store: Store
    smtp_address: str

    def answer(self, method: str, path: str) -> Answer:
        for pattern, views in ROUTES:
            found = re.fullmatch(pattern, path)
            if not found:
                continue
            view = views.get("GET" if method == "HEAD" else method)
            if view:
                return view(self, *found.groups()) or problem(path, 404, "Not found.")
            allowed = {"Allow": ", ".join(views)}
            return problem(path, 405, f"This address answers {', '.join(views)}.", allowed)
        return problem(path, 404, "There is nothing at this address.")

    def inbox(self) -> Answer:
        version = self.store.version  # taken first: never newer than the list itself
        page = pages.inbox(self.store.newest_first(), self.smtp_address)
        return Answer(page, headers={"ETag": f'"{version}"'})

    def message(self, mail_id: str) -> Answer | None:
        mail = self.store.get(mail_id)
        return Answer(pages.message(mail)) if mail else None

    def message_html(self, mail_id: str) -> Answer | None:
        mail = self.store.get(mail_id)
        if not mail or not mail.letter.html:
            return None
        return Answer(mail.letter.html, headers={"Content-Security-Policy": MAIL_POLICY})

    def attachment(self, mail_id: str, number: str) -> Answer | None:
        one = self.store.attachment(mail_id, int(number))
        if not one:
            return None
        plain = re.sub(r'[^ -~]|["\\%]', "_", one.name)  # for clients from before RFC 5987
        names = f"filename=\"{plain}\"; filename*=UTF-8''{quote(one.name, safe='')}"
        headers = {
            "Content-Disposition": f"attachment; {names}",
            "Content-Security-Policy": MAIL_POLICY,
        }
        return Answer(one.data, content_type=one.content_type, headers=headers)

    def ask_clear(self) -> Answer:
        return Answer(pages.confirm_clear(len(self.store.newest_first())))

    def clear(self) -> Answer:
        self.store.clear()
        return Answer(status=303, headers={"Location": "/"})

    def api_messages(self) -> Answer:
        mails = [describe(mail) for mail in self.store.newest_first()]
        return as_json({"messages": mails})

    def api_message(self, mail_id: str) -> Answer | None:
        mail = self.store.get(mail_id)
        return as_json(describe(mail)) if mail else None

    def api_clear(self) -> Answer:
        self.store.clear()
        return Answer(status=204)

    def static(self, name: str) -> Answer | None:
        if name not in STATIC_TYPES:
            return None
        return Answer((STATIC / name).read_bytes(), content_type=STATIC_TYPES[name])


ROUTES = [
    (r"/", {"GET": Site.inbox}),
    (r"/messages/([0-9]+)", {"GET": Site.message}),
    (r"/messages/([0-9]+)/html", {"GET": Site.message_html}),
    (r"/messages/([0-9]+)/attachments/([0-9]{1,6})", {"GET": Site.attachment}),
    (r"/clear", {"GET": Site.ask_clear, "POST": Site.clear}),
    (r"/api/messages", {"GET": Site.api_messages, "DELETE": Site.api_clear}),
    (r"/api/messages/([^/]+)", {"GET": Site.api_message}),
    (r"/static/([^/]+)", {"GET": Site.static}),
]


def problem(path: str, status: int, sentence: str, headers: dict | None = None) -> Answer:
    """An error as JSON under /api/, as a page elsewhere."""
    if path.startswith("/api/"):
        return as_json({"detail": sentence}, status, headers)
    return Answer(pages.problem(sentence), status, headers=headers or {})


def as_json(value: dict, status: int = 200, headers: dict | None = None) -> Answer:
    return Answer(json.dumps(value), status, "application/json", headers or {})


def describe(mail: Mail) -> dict:
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
                "url": pages.attachment_url(mail, number),
            }
            for number, one in enumerate(mail.letter.attachments, start=1)
        ],
    }
