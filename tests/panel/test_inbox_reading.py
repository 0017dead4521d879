"""The inbox as its clients read it: real SMTP in, pages and JSON out."""

import re
import smtplib

from tests.mail_service import letter


def test_a_mail_is_described_as_it_was_sent(inbox):
    message = letter(text="Dear Ana,\n\nhere it is.\n")
    message.add_attachment(
        b"name,age\r\n", maintype="text", subtype="csv", filename="a.csv"
    )
    inbox.send(message)
    (mail,) = inbox.messages()
    assert mail["from"] == "School <school@example.com>"
    assert mail["to"] == ["ana@example.com"]
    assert mail["subject"] == "Students by age"
    assert mail["text"] == "Dear Ana,\n\nhere it is.\n"
    assert mail["envelope"] == {"from": "school@example.com", "to": ["ana@example.com"]}
    assert mail["attachments"] == [
        {
            "name": "a.csv",
            "content_type": "text/csv",
            "size": 10,
            "url": f"/messages/{mail['id']}/attachments/1",
        }
    ]
    assert mail["size"] > 200
    assert inbox.web.get(f"/api/messages/{mail['id']}").json() == mail


def test_the_list_shows_the_newest_mail_first(inbox):
    for number in range(3):
        inbox.send(letter(f"Report {number}"))
    assert [mail["subject"] for mail in inbox.messages()] == [
        "Report 2",
        "Report 1",
        "Report 0",
    ]
    page = inbox.web.get("/").text
    assert re.findall(r"Report \d", page) == ["Report 2", "Report 1", "Report 0"]
    assert "3 messages" in page


def test_attachment_bytes_arrive_identical(inbox):
    data = bytes(range(256)) * 2000 + b"\r\n.\r\n\n\r"
    message = letter()
    message.add_attachment(
        data, maintype="application", subtype="octet-stream", filename="all.bin"
    )
    inbox.send(message)
    (attached,) = inbox.newest()["attachments"]
    answer = inbox.web.get(attached["url"])
    assert answer.content == data
    assert attached["size"] == len(data)
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_names_outside_ascii_are_kept(inbox):
    message = letter("Relatório de João, 日本語 🎓", text="Olá, 世界\n")
    message.replace_header("From", "João Conceição <joao@example.com>")
    message.replace_header("To", '"Silva, Ana" <ana@example.com>, bruno@example.com')
    message.add_attachment(
        b"x", maintype="text", subtype="csv", filename="relatório 日本.csv"
    )
    inbox.send(message)
    mail = inbox.newest()
    assert mail["subject"] == "Relatório de João, 日本語 🎓"
    assert mail["from"] == "João Conceição <joao@example.com>"
    assert mail["to"] == ['"Silva, Ana" <ana@example.com>', "bruno@example.com"]
    assert mail["text"] == "Olá, 世界\n"
    assert mail["attachments"][0]["name"] == "relatório 日本.csv"
    sent_as = inbox.web.get(mail["attachments"][0]["url"]).headers["Content-Disposition"]
    assert "filename*=UTF-8''relat%C3%B3rio%20%E6%97%A5%E6%9C%AC.csv" in sent_as


def test_an_address_outside_ascii_is_accepted(inbox):
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=20) as smtp:
        smtp.ehlo()
        raw = "From: joão@exemplo.br\r\nTo: ana@example.com\r\nSubject: Olá\r\n\r\nOi\r\n"
        options = ["SMTPUTF8", "BODY=8BITMIME"]
        smtp.sendmail("joão@exemplo.br", ["ana@example.com"], raw.encode(), options)
    mail = inbox.newest()
    assert (mail["from"], mail["subject"]) == ("joão@exemplo.br", "Olá")
    assert mail["envelope"]["from"] == "joão@exemplo.br"


def test_a_hidden_recipient_is_shown_from_the_envelope(inbox, page_of):
    inbox.send(letter("Plain"))
    assert "Envelope" not in page_of(inbox.newest())
    inbox.send(letter("Copied"), to=["ana@example.com", "hidden@example.com"])
    mail = inbox.newest()
    assert mail["to"] == ["ana@example.com"]
    assert mail["envelope"]["to"] == ["ana@example.com", "hidden@example.com"]
    assert "ana@example.com, hidden@example.com" in page_of(mail)


def test_a_message_cannot_forge_its_envelope(inbox):
    inbox.send(b'X-Envelope: {"from": "x", "to": ["forged@example.com"]}\r\n\r\nhi\r\n')
    assert inbox.newest()["envelope"]["to"] == ["ana@example.com"]


def test_the_list_is_not_sent_again_until_it_changes(inbox):
    first = inbox.web.get("/")
    same = inbox.web.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert (same.status_code, same.content) == (304, b"")
    inbox.send(letter())
    changed = inbox.web.get("/", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.status_code == 200


def test_two_hundred_messages_are_listed_fast(inbox):
    message = letter()
    message.add_attachment(b"x" * 5000, maintype="text", subtype="csv", filename="a.csv")
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=20) as smtp:
        for _ in range(200):
            smtp.send_message(message)
    assert len(inbox.messages()) == 200
    for path in ("/", "/api/messages"):
        answers = [inbox.web.get(path).raise_for_status() for _ in range(3)]
        assert min(one.elapsed.total_seconds() for one in answers) < 1  # idle: a tenth
    assert inbox.web.get("/").text.count("<li ") == 200


def test_a_very_long_list_is_cut_and_says_so(inbox):
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=20) as smtp:
        for number in range(501):
            smtp.send_message(letter(f"Report {number}"))
    page = inbox.web.get("/").text
    assert page.count("<li ") == 500
    assert "Report 500<" in page
    assert "Report 0<" not in page
    assert '<p id="cut">Only the newest 500' in page
    assert "501 messages" in page
    assert len(inbox.messages()) == 501
