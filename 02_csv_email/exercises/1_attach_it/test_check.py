"""The mail is read as a mail program reads it."""

import csv
import random

FILE = "exports/class_list.py, compose"


def read_mail(names):
    """Inside the copy: compose the mail; return what a mail program finds in it."""
    import email
    import email.policy

    from django.core import mail
    from exports.class_list import compose

    message = compose("teacher@example.com", names)
    parsed = email.message_from_bytes(
        message.message().as_bytes(), policy=email.policy.default
    )
    parts = [
        {
            "name": part.get_filename(),
            "type": part.get_content_type(),
            "text": part.get_payload(decode=True).decode("utf-8", "replace"),
        }
        for part in parsed.iter_attachments()
    ]
    return {
        "to": message.recipients(),  # those of Cc and Bcc, too
        "parts": parts,
        "text": [message.subject, message.body],
        "sent": len(mail.outbox),
    }


def test_the_mail_has_one_attachment_of_the_right_name_and_type(work):
    names = [f"Rui {random.randint(1, 999)}", 'Silva, "Zé"', f"Bia {random.random()}"]
    names += [names[0], "Ana"]  # two may have the same name
    work.seen = seen = work.call(read_mail, names)
    if not seen["parts"]:
        work.unmet("The mail has no attachment.", FILE)
    part = seen["parts"][0]
    if len(seen["parts"]) != 1 or part["name"] != "class-list.csv":
        work.unmet(
            "The attachment's name is not right.",
            FILE,
            wanted=["class-list.csv"],
            got=[part["name"] for part in seen["parts"]],
        )
    if part["type"] != "text/csv":
        work.unmet(
            "The attachment's type is not right.", FILE, wanted="text/csv", got=part["type"]
        )
    rows = list(csv.reader(part["text"].splitlines()))
    if rows != [["name"], *([name] for name in names)]:
        work.unmet("The attachment does not hold the names.", FILE, wanted=names, got=rows)


def test_it_goes_to_whoever_asked(work):
    if work.seen["to"] != ["teacher@example.com"]:
        work.unmet("The mail goes to somebody else.", FILE, got=work.seen["to"])


def test_nothing_else_is_different(work):
    if work.seen["text"] != ["Class list", "The list of your class is attached.\n"]:
        work.unmet("The mail's text has changed.", FILE, got=work.seen["text"])
    if work.seen["sent"]:
        work.unmet("The mail was also sent: whoever calls compose sends it.", FILE)
