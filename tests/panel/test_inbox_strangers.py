"""Mail is written by strangers: whatever it holds, it is shown and does no harm."""

import re
import smtplib

import pytest

from tests.mail_service import letter

EVIL = "<script>alert(1)</script>"


def test_html_in_headers_is_shown_as_text(inbox, page_of):
    message = letter(EVIL)
    message.replace_header("From", f'"{EVIL}" <evil@example.com>')
    message["X-Evil"] = EVIL
    message.add_attachment(
        b"x", maintype="text", subtype="csv", filename='<img src=x>".csv'
    )
    inbox.send(message)
    for page in (inbox.web.get("/").text, page_of(inbox.newest())):
        assert "<script>alert" not in page
        assert "<img" not in page
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_a_line_break_in_an_encoded_subject_stays_one_line(inbox):
    inbox.send(b"Subject: =?utf-8?q?Hi=0D=0ABcc:_evil@example.com?=\r\n\r\ntext\r\n")
    assert inbox.newest()["subject"] == "Hi Bcc: evil@example.com"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/x", "x"),
        ("..\\..\\windows\\x.ini", "x.ini"),
        ("/etc/passwd", "passwd"),
        ("..", "attachment-1.csv"),
        (".bashrc", "bashrc"),
        ("report\u202evsc.exe", "report vsc.exe"),
        ("a\tb.csv", "a b.csv"),
        ('say "hi".csv', 'say "hi".csv'),
        ("n" * 300 + ".csv", "n" * 120 + ".csv"),
    ],
)
def test_an_attachment_name_is_a_bare_file_name(inbox, given, kept):
    message = letter()
    message.add_attachment(b"x", maintype="text", subtype="csv", filename=given)
    inbox.send(message)
    (attached,) = inbox.newest()["attachments"]
    assert attached["name"] == kept
    sent_as = inbox.web.get(attached["url"]).headers["Content-Disposition"]
    assert re.fullmatch(
        r"attachment; filename=\"[^\"\\/]+\"; filename\*=UTF-8''[\w.%~-]+", sent_as
    )


def test_html_mail_is_served_where_no_script_can_run(inbox, page_of):
    message = letter()
    message.add_alternative(f"<h1>Ready</h1>{EVIL}", subtype="html")
    inbox.send(message)
    mail = inbox.newest()
    assert f'<iframe sandbox src="/messages/{mail["id"]}/html"' in page_of(mail)
    answer = inbox.web.get(f"/messages/{mail['id']}/html")
    policy = answer.headers["Content-Security-Policy"]
    assert "<h1>Ready</h1>" in answer.text
    assert policy.startswith("sandbox; default-src 'none';")
    assert "script-src" not in policy
    assert "allow-" not in policy


DEEP = b"".join(
    b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n)
    for n in range(1500)
)
BROKEN = {
    "nothing at all": b"",
    "no headers": b"just words\r\nand more\r\n",
    "binary junk": bytes(range(256)) * 20,
    "lines that end in a line feed alone": b"Subject: x\n\n" + b"line\n" * 5000,
    "one line of a megabyte": b"x" * 1_000_000,
    "an unknown charset": b"Content-Type: text/plain; charset=klingon\r\n\r\nol\xe1\r\n",
    "a codec that is no charset": b"Content-Type: text/plain; charset=zip\r\n\r\nhi\r\n",
    "broken base64": b"Content-Transfer-Encoding: base64\r\n\r\n!!!not*base64=\r\n",
    "parts announced, none there": b"Content-Type: multipart/mixed\r\n\r\nonly this\r\n",
    "a part that never ends": b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n",
    "parts in parts without end": DEEP,
    "a broken encoded subject": b"Subject: =?utf-8?b?!!!?= =?x?q?=ZZ?=\r\n\r\nhi\r\n",
    "raw bytes in the subject": b"Subject: caf\xe9 \x00\x1b[31m\r\n\r\nhi\r\n",
    "addresses that are none": b"From: <<<>\r\nTo: ,;:@\r\n\r\nhi\r\n",
    "an attached message": b"Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\nhi\r\n",
    "a type with a line of its own": b"Content-Type: a/b\x0b\x0cX: y; name=x\r\n\r\nhi\r\n",
    "a header without end": b"To: " + b"(((a,\r\n " * 50_000 + b"\r\n\r\nhi\r\n",
}


@pytest.mark.parametrize("raw", BROKEN.values(), ids=BROKEN.keys())
def test_a_badly_formed_message_is_listed_and_can_be_opened(inbox, page_of, raw):
    inbox.send(letter("Before"))
    inbox.send(raw)
    inbox.send(letter("After"))
    after, mail, before = inbox.messages()
    assert (before["subject"], after["subject"]) == ("Before", "After")
    assert mail["envelope"]["to"] == ["ana@example.com"]
    assert inbox.web.get("/").text.count("<li ") == 3
    assert "ana@example.com" in page_of(mail)
    for attached in mail["attachments"]:
        assert len(inbox.web.get(attached["url"]).content) == attached["size"]


def test_a_message_without_headers_shows_its_text(inbox):
    inbox.send(b"just words\r\nand more\r\n")
    assert inbox.newest()["text"] == "just words\nand more\n"
    assert inbox.newest()["from"] == "school@example.com"
    assert inbox.newest()["to"] == ["ana@example.com"]


@pytest.mark.parametrize("charset", [b"klingon", b"zip", b"idna", b"a\x00b"])
def test_a_text_in_an_unknown_charset_is_read_as_utf_8(inbox, charset):
    head = b"Subject: Report\r\nContent-Type: text/plain; charset=" + charset
    inbox.send(head + b"\r\n\r\nol\xc3\xa1 \xff\r\n")
    mail = inbox.newest()
    assert (mail["subject"], mail["text"]) == ("Report", "olá \ufffd\n")


def test_a_long_list_of_recipients_is_cut_in_the_list_alone(inbox, page_of):
    message = letter()
    pupils = [f"pupil{n}@example.com" for n in range(5)]
    message.replace_header("To", ", ".join(pupils))
    inbox.send(message)
    assert "pupil2@example.com and 2 more" in inbox.web.get("/").text
    assert ", ".join(pupils) in page_of(inbox.newest())


def test_a_message_above_ten_megabytes_is_refused(inbox):
    with smtplib.SMTP("127.0.0.1", inbox.smtp_port, timeout=20) as smtp:
        smtp.ehlo()
        assert smtp.esmtp_features["size"] == str(10 * 1024 * 1024)
        announced = smtp.docmd("MAIL", f"FROM:<a@example.com> SIZE={10 * 1024 * 1024 + 1}")
        assert announced[0] == 552
        smtp.mail("a@example.com")  # and one that does not announce its size
        smtp.rcpt("ana@example.com")
        assert smtp.data((b"x" * 900 + b"\r\n") * 12_000)[0] == 552
        assert smtp.noop()[0] == 250
    assert inbox.messages() == []


def test_a_message_just_below_ten_megabytes_is_kept(inbox):
    data = b"\x00\x01" * 3_500_000
    message = letter()
    message.add_attachment(
        data, maintype="application", subtype="octet-stream", filename="big.bin"
    )
    inbox.send(message)
    assert inbox.web.get(inbox.newest()["attachments"][0]["url"]).content == data
