"""Starts the real mail service for a test, on free ports, and sends it real mail."""

import os
import re
import smtplib
import subprocess
import sys
from email.message import EmailMessage
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
READY = re.compile(r"Inbox: (http://127\.0\.0\.1:[0-9]+)/  SMTP: 127\.0\.0\.1:([0-9]+)\n")


class MailService:
    """A running mail service: `url`, `smtp_port`, and `web`, a client of its pages."""

    def __init__(self, folder: Path, smtp_port: int = 0, ui_port: int = 0):
        self.process = start(folder, smtp_port, ui_port)
        line = self.process.stdout.readline()
        ready = READY.fullmatch(line)
        assert ready, f"the mail service said {line!r} {self.stop()}"
        self.url, self.smtp_port = ready[1], int(ready[2])
        self.web = httpx.Client(base_url=self.url, timeout=20, trust_env=False)

    def send(self, message: EmailMessage | bytes, to: list[str] | None = None) -> None:
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=20) as smtp:
            if isinstance(message, bytes):
                smtp.sendmail("school@example.com", to or ["ana@example.com"], message)
            else:
                smtp.send_message(message, to_addrs=to)

    def messages(self) -> list[dict]:
        return self.web.get("/api/messages").raise_for_status().json()["messages"]

    def newest(self) -> dict:
        return self.messages()[0]

    def stop(self) -> tuple[int, str, str]:
        """Exit status, and what it printed since it was ready and as errors."""
        if self.process.poll() is None:
            self.process.terminate()
        out, errors = self.process.communicate(timeout=20)
        return self.process.returncode, out, errors


def start(folder: Path, smtp_port: int, ui_port: int) -> subprocess.Popen:
    return command(folder, "--smtp-port", str(smtp_port), "--ui-port", str(ui_port))


def command(folder: Path, *options: str, **variables: str) -> subprocess.Popen:
    words = [sys.executable, "-m", "workbook.mail", "--dir", str(folder), *options]
    pipe, env = subprocess.PIPE, {**os.environ, **variables}
    return subprocess.Popen(words, cwd=ROOT, env=env, stdout=pipe, stderr=pipe, text=True)


def letter(subject: str = "Students by age", text: str = "It is ready.\n") -> EmailMessage:
    message = EmailMessage()
    message["Subject"] = subject
    message["From"] = "School <school@example.com>"
    message["To"] = "ana@example.com"
    message.set_content(text)
    return message
