"""The mail service as its clients see it: a real process, real SMTP, real HTTP."""

import re
import signal
import smtplib
import socket

import pytest

from tests.mail_service import MailService, letter, start

EVIL = "<script>alert(1)</script>"


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = MailService(tmp_path_factory.mktemp("mail"))
    yield running
    status, out, errors = running.stop()
    assert (status, out, errors) == (0, "", "")


@pytest.fixture
def inbox(service):
    """The running service with an empty inbox."""
    service.web.delete("/api/messages")
    return service


def raw_http(inbox, request: bytes) -> bytes:
    port = int(inbox.url.rpartition(":")[2])
    with socket.create_connection(("127.0.0.1", port), timeout=20) as connection:
        connection.sendall(request)
        return b"".join(iter(lambda: connection.recv(65536), b""))


def page_of(inbox, message: dict) -> str:
    return inbox.web.get(f"/messages/{message['id']}").raise_for_status().text


# Reading


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


def test_a_hidden_recipient_is_shown_from_the_envelope(inbox):
    inbox.send(letter("Plain"))
    assert "Envelope" not in page_of(inbox, inbox.newest())
    inbox.send(letter("Copied"), to=["ana@example.com", "hidden@example.com"])
    mail = inbox.newest()
    assert mail["to"] == ["ana@example.com"]
    assert mail["envelope"]["to"] == ["ana@example.com", "hidden@example.com"]
    assert "ana@example.com, hidden@example.com" in page_of(inbox, mail)


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
    assert '<p id="cut" >Only the newest 500' in page
    assert "501 messages" in page
    assert len(inbox.messages()) == 501


# Strangers' mail


def test_html_in_headers_is_shown_as_text(inbox):
    message = letter(EVIL)
    message.replace_header("From", f'"{EVIL}" <evil@example.com>')
    message["X-Evil"] = EVIL
    message.add_attachment(
        b"x", maintype="text", subtype="csv", filename='<img src=x>".csv'
    )
    inbox.send(message)
    for page in (inbox.web.get("/").text, page_of(inbox, inbox.newest())):
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


def test_html_mail_is_served_where_no_script_can_run(inbox):
    message = letter()
    message.add_alternative(f"<h1>Ready</h1>{EVIL}", subtype="html")
    inbox.send(message)
    mail = inbox.newest()
    assert f'<iframe sandbox src="/messages/{mail["id"]}/html"' in page_of(inbox, mail)
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
def test_a_badly_formed_message_is_listed_and_can_be_opened(inbox, raw):
    inbox.send(letter("Before"))
    inbox.send(raw)
    inbox.send(letter("After"))
    after, mail, before = inbox.messages()
    assert (before["subject"], after["subject"]) == ("Before", "After")
    assert mail["envelope"]["to"] == ["ana@example.com"]
    assert inbox.web.get("/").text.count("<li ") == 3
    assert "ana@example.com" in page_of(inbox, mail)
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


def test_a_long_list_of_recipients_is_cut_in_the_list_alone(inbox):
    message = letter()
    pupils = [f"pupil{n}@example.com" for n in range(5)]
    message.replace_header("To", ", ".join(pupils))
    inbox.send(message)
    assert "pupil2@example.com and 2 more" in inbox.web.get("/").text
    assert ", ".join(pupils) in page_of(inbox, inbox.newest())


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


# Clearing


def test_clearing_asks_first_and_then_deletes(inbox):
    inbox.send(letter())
    question = inbox.web.get("/clear").text
    assert "Delete 1 message" in question
    assert len(inbox.messages()) == 1
    answer = inbox.web.post("/clear", headers={"Origin": inbox.url})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/")
    assert inbox.messages() == []
    assert "No mail yet" in inbox.web.get("/").text


def test_json_clients_clear_with_delete(inbox):
    inbox.send(letter())
    answer = inbox.web.delete("/api/messages")
    assert (answer.status_code, answer.content) == (204, b"")
    assert inbox.messages() == []


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_another_sites_page_cannot_clear(inbox, headers):
    inbox.send(letter())
    assert inbox.web.post("/clear", headers=headers).status_code == 403
    assert inbox.web.delete("/api/messages", headers=headers).status_code == 403
    assert len(inbox.messages()) == 1


# Addresses and hosts


@pytest.mark.parametrize(
    "host", ["evil.example", "127.0.0.1.evil.example", "localhost:x", ""]
)
def test_a_foreign_host_is_refused(inbox, host):
    for path in ("/", "/api/messages", "/static/inbox.css"):
        assert inbox.web.get(path, headers={"Host": host}).status_code == 421


def test_localhost_is_as_good_as_its_number(inbox):
    port = inbox.url.rpartition(":")[2]
    assert inbox.web.get("/", headers={"Host": f"localhost:{port}"}).status_code == 200


@pytest.mark.parametrize("lines", [b"", b"Host: localhost\r\nHost: evil.example\r\n"])
def test_a_request_names_one_host(inbox, lines):
    answer = raw_http(inbox, b"GET / HTTP/1.1\r\n" + lines + b"\r\n")
    assert b" 400 " in answer.splitlines()[0]


@pytest.mark.parametrize(
    ("method", "path", "status", "allow"),
    [
        ("GET", "/api/messages/123", 404, None),
        ("GET", "/api/messages/..%2F..%2Fetc", 404, None),
        ("GET", "/api/nothing", 404, None),
        ("POST", "/api/messages", 405, "GET, DELETE"),
        ("GET", "/messages/123", 404, None),
        ("GET", "/messages/123/html", 404, None),
        ("GET", "/messages/123/attachments/1", 404, None),
        ("GET", "/static/%2E%2E%2Fweb.py", 404, None),
        ("GET", "/nothing", 404, None),
        ("POST", "/", 405, "GET"),
        ("PUT", "/clear", 405, "GET, POST"),
        ("DELETE", "/clear", 405, "GET, POST"),
    ],
)
def test_a_wrong_address_or_method_is_answered_clearly(inbox, method, path, status, allow):
    answer = inbox.web.request(method, path)
    assert answer.status_code == status
    assert answer.headers.get("Allow") == allow
    if path.startswith("/api/"):
        assert answer.json()["detail"]
    else:
        assert "<h1>This did not work</h1>" in answer.text


def test_every_page_carries_a_strict_policy_and_no_inline_script(inbox):
    inbox.send(letter())
    mail = inbox.newest()
    for path in ("/", f"/messages/{mail['id']}", "/clear", "/nothing"):
        answer = inbox.web.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?! src)|<style|\son\w+=|\sstyle=", answer.text)


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /clear HTTP/1.1\r\nHost: localhost\r\nContent-Length: -1\r\n\r\n",
        b"POST /clear HTTP/1.1\r\nHost: localhost\r\nContent-Length: 999999\r\n\r\n",
        b"GET /" + b"x" * 70_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"A: b\r\n" * 200 + b"\r\n",
    ],
)
def test_a_malformed_request_gets_an_answer(inbox, request_bytes):
    answer = raw_http(inbox, request_bytes)
    status = answer.splitlines()[0]
    assert re.match(rb"HTTP/1.0 (4\d\d|501|505) ", status), status
    assert b"default-src 'none'" in answer
    assert inbox.web.get("/").status_code == 200


# The process


def test_a_restart_keeps_the_mail(tmp_path):
    first = MailService(tmp_path)
    message = letter("Kept")
    message.add_attachment(b"a,b\n", maintype="text", subtype="csv", filename="a.csv")
    first.send(message, to=["ana@example.com", "hidden@example.com"])
    first.send(letter("Later"))
    before = first.messages()
    first.stop()
    second = MailService(tmp_path)
    try:
        assert second.messages() == before
        assert second.web.get(before[1]["attachments"][0]["url"]).content == b"a,b\n"
        second.send(letter("Newest"))
        assert [one["subject"] for one in second.messages()] == ["Newest", "Later", "Kept"]
    finally:
        second.stop()


def test_files_of_others_are_neither_listed_nor_deleted(tmp_path):
    foreign = tmp_path / "holiday.eml"
    foreign.write_bytes(b"Subject: mine\r\n\r\nhi\r\n")
    lookalike = tmp_path / f"{1:019}.eml"
    lookalike.write_bytes(b"Subject: mine too\r\n\r\nhi\r\n")
    running = MailService(tmp_path)
    try:
        assert running.messages() == []
        running.web.delete("/api/messages")
        assert foreign.exists()
        assert lookalike.exists()
    finally:
        running.stop()


def test_a_mail_whose_file_was_deleted_is_a_clear_404(tmp_path):
    running = MailService(tmp_path)
    try:
        message = letter()
        message.add_attachment(b"x", maintype="text", subtype="csv", filename="a.csv")
        running.send(message)
        next(tmp_path.glob("*.eml")).unlink()
        attached = running.newest()["attachments"][0]
        assert running.web.get(attached["url"]).status_code == 404
        assert running.web.delete("/api/messages").status_code == 204
    finally:
        running.stop()


def test_a_mail_that_cannot_be_deleted_is_an_error_in_words(tmp_path):
    running = MailService(tmp_path)
    try:
        for subject in ("Gone", "Stays"):
            running.send(letter(subject))
        stuck = max(tmp_path.glob("*.eml"))
        stuck.unlink()
        stuck.mkdir()  # a folder is not deleted as a file is, whoever asks
        answer = running.web.delete("/api/messages")
        assert answer.status_code == 500
        assert "log says why" in answer.json()["detail"]
        assert [mail["subject"] for mail in running.messages()] == ["Stays"]
    finally:
        _, _, errors = running.stop()
    assert "DELETE /api/messages failed" in errors
    assert "Traceback" not in errors


@pytest.mark.parametrize("which", ["smtp", "web"])
def test_a_port_in_use_is_one_line_and_status_2(tmp_path, which):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ports = (port, 0) if which == "smtp" else (0, port)
        process = start(tmp_path, *ports)
        out, errors = process.communicate(timeout=20)
    option = "--smtp-port" if which == "smtp" else "--ui-port"
    assert process.returncode == 2
    assert out == ""
    assert errors.count("\n") == 1
    assert f"Port {port} is in use" in errors
    assert option in errors


def test_a_folder_that_cannot_be_used_is_one_line_and_status_2(tmp_path):
    (tmp_path / "file").write_text("not a folder")
    process = start(tmp_path / "file", 0, 0)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert errors.count("\n") == 1
    assert errors.startswith("Cannot keep mail in ")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_quietly_even_with_clients_connected(tmp_path, number):
    running = MailService(tmp_path)
    web_port = int(running.url.rpartition(":")[2])
    with (
        smtplib.SMTP("127.0.0.1", running.smtp_port, timeout=20) as smtp,
        socket.create_connection(("127.0.0.1", web_port), timeout=20),
    ):
        smtp.ehlo()
        running.process.send_signal(number)
        out, errors = running.process.communicate(timeout=20)
        smtp.close()
    assert (running.process.returncode, out, errors) == (0, "", "")


def test_a_full_disk_is_a_temporary_error(tmp_path):
    folder = tmp_path / "mail"
    running = MailService(folder)
    try:
        folder.rmdir()  # the nearest thing to a full disk that needs no rights
        with pytest.raises(smtplib.SMTPDataError) as refused:
            running.send(letter())
        assert refused.value.smtp_code == 452
        folder.mkdir()
        running.send(letter("Again"))
        assert running.newest()["subject"] == "Again"
    finally:
        _, _, errors = running.stop()
    assert "Traceback" not in errors


@pytest.mark.parametrize("which", ["smtp", "web"])
def test_the_service_is_not_reachable_from_other_machines(inbox, which):
    web_port = int(inbox.url.rpartition(":")[2])
    port = inbox.smtp_port if which == "smtp" else web_port
    with pytest.raises(OSError, match=r"refused|assign|timed out"):
        socket.create_connection(("127.0.0.2", port), timeout=5)  # another address of ours
