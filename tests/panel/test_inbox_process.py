"""The mail service as a process: its start, its files, its end."""

import signal
import smtplib
import socket

import httpx
import pytest

from tests.mail_service import READY, MailService, command, letter, start
from workbook.run.ports import free_port


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


def test_typed_by_hand_it_takes_its_ports_from_the_variables(tmp_path):
    smtp_port, ui_port = str(free_port()), str(free_port())
    ports = {"SMTP_PORT": smtp_port, "MAIL_UI_PORT": ui_port, "PORT": "8002"}
    process = command(tmp_path, **ports)
    try:
        ready = READY.fullmatch(process.stdout.readline())
        assert ready.groups() == (f"http://127.0.0.1:{ui_port}", smtp_port)
        page = httpx.get(ready[1], trust_env=False, timeout=60).text
        assert '<a href="http://127.0.0.1:8002/">The stage</a>' in page
        assert "Machine room" not in page  # none runs beside it
    finally:
        process.terminate()
        process.communicate(timeout=20)


def test_a_variable_that_is_no_port_is_one_line_and_status_2(tmp_path):
    process = command(tmp_path, SMTP_PORT="mail")
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 2
    assert "'mail' is not a port" in errors.splitlines()[-1]


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
