"""The HTML pages. Every value is escaped on its way into a template."""

import html
from pathlib import Path
from string import Template

from workbook.panel.inbox.letter import Attachment
from workbook.panel.inbox.store import Mail

TEMPLATES = {
    path.stem: Template(path.read_text(encoding="utf-8"))
    for path in (Path(__file__).parent / "templates").glob("*.html")
}
LONGEST_LIST = 500  # messages on one page


class Markup(str):
    """HTML that is escaped already."""


def inbox(mails: list[Mail], smtp_address: str) -> str:
    rows = Markup("".join(_row(mail) for mail in mails[:LONGEST_LIST]))
    body = _fill(
        "inbox",
        rows=rows,
        count=_count(len(mails), "message"),
        smtp=smtp_address,
        hidden_when_empty=Markup("" if mails else "hidden"),
        hidden_when_filled=Markup("hidden" if mails else ""),
        hidden_when_all_shown=Markup("" if len(mails) > LONGEST_LIST else "hidden"),
        longest=LONGEST_LIST,
    )
    script = Markup(
        '<script src="/static/inbox.js" defer></script>'
        '<noscript><meta http-equiv="refresh" content="5"></noscript>'
    )
    return _page("Inbox", body, script)


def message(mail: Mail) -> str:
    letter = mail.letter
    return _page(
        letter.subject or "(no subject)",
        _fill(
            "message",
            subject=letter.subject or "(no subject)",
            people=_people(mail),
            time=_time(mail),
            size=_size(mail.size),
            attachments=_attachments(mail),
            text=_fill("text", text=letter.text) if _has_text(mail) else "",
            html=_fill("html", id=mail.id) if letter.html else "",
            headers=letter.headers or "(none)",
        ),
    )


def confirm_clear(count: int) -> str:
    return _page("Clear the inbox", _fill("clear", count=_count(count, "message")))


def problem(sentence: str) -> str:
    return _page("This did not work", _fill("problem", sentence=sentence))


def attachment_url(mail: Mail, number: int) -> str:
    return f"/messages/{mail.id}/attachments/{number}"


def _page(title: str, body: Markup, head: Markup = Markup("")) -> str:  # noqa: B008
    return _fill("page", title=title, head=head, body=body)


def _fill(template: str, **values: object) -> Markup:
    safe = {
        name: value if isinstance(value, Markup) else html.escape(str(value))
        for name, value in values.items()
    }
    return Markup(TEMPLATES[template].substitute(safe))


def _row(mail: Mail) -> Markup:
    files = len(mail.letter.attachments)
    return _fill(
        "row",
        id=mail.id,
        subject=mail.letter.subject or "(no subject)",
        sender=mail.sender or "(nobody)",
        to=_first_few(mail.to),
        time=_time(mail),
        files=_count(files, "attachment") if files else "",
    )


def _people(mail: Mail) -> Markup:
    lines = [("From", mail.sender), ("To", ", ".join(mail.to))]
    if mail.letter.cc:
        lines.append(("Cc", ", ".join(mail.letter.cc)))
    if mail.envelope_differs:
        lines.append(("Envelope from", mail.envelope_from or "(empty)"))
        lines.append(("Envelope to", ", ".join(mail.envelope_to)))
    return Markup("".join(_fill("person", role=role, who=who) for role, who in lines))


def _attachments(mail: Mail) -> Markup:
    def line(number: int, one: Attachment) -> Markup:
        url = attachment_url(mail, number)
        kind = f"{one.content_type}, {_size(one.size)}"
        return _fill("attachment", url=url, name=one.name, kind=kind)

    lines = [line(n, one) for n, one in enumerate(mail.letter.attachments, start=1)]
    return _fill("attachments", lines=Markup("".join(lines))) if lines else Markup("")


def _has_text(mail: Mail) -> bool:
    return bool(mail.letter.text.strip()) or not mail.letter.html


def _time(mail: Mail) -> Markup:
    local = mail.received.astimezone()
    words = local.strftime("%d %b %Y, %H:%M:%S")
    return Markup(f'<time datetime="{local.isoformat(timespec="seconds")}">{words}</time>')


def _first_few(names: tuple[str, ...]) -> str:
    more = len(names) - 3
    return ", ".join(names[:3]) + (f" and {more} more" if more > 0 else "")


def _size(size: int) -> str:
    return _count(size, "byte") if size < 10_000 else f"{size / 1000:,.0f} kB"


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
