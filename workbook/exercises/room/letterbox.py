"""A mail server in the room: what comes in is seen by the judge, as it came.

python -I letterbox.py PORT      prints each mail, as JSON, on a line
"""

import json
import sys
import threading

HOST = "127.0.0.1"


class Letterbox:
    """The judge's side. Closed at first: a connection is refused until `open()`."""

    def __init__(self, work, port: int):
        self.work = work
        self.env = {"EMAIL_HOST": HOST, "EMAIL_PORT": str(port)}
        self.look = None

    def open(self):
        words = [sys.executable, "-I", "-B", __file__, self.env["EMAIL_PORT"]]
        self.look = self.work.start(words, self.work.scratch)
        self.work.wait_for(
            lambda: self.look()["text"].startswith("open\n"),
            "The check's mail server did not start.",
        )

    def mails(self) -> list[dict]:
        """Return {"to": [addresses], "text": headers and body} of each mail so far."""
        lines = self.look()["text"].splitlines()[1:] if self.look else []
        return [json.loads(line) for line in lines]

    def subjects(self) -> list[str]:
        texts = [mail["text"].splitlines() for mail in self.mails()]
        return [
            line.removeprefix("Subject: ")
            for lines in texts
            for line in lines
            if line.startswith("Subject:")
        ]


class Handler:
    """The server's side: aiosmtpd calls it for each mail."""

    async def handle_DATA(self, server, session, envelope):
        text = envelope.content.decode(errors="replace")
        print(json.dumps({"to": envelope.rcpt_tos, "text": text}), flush=True)
        return "250 kept"


def serve(port: int):
    from aiosmtpd.controller import Controller

    Controller(Handler(), hostname=HOST, port=port).start()
    print("open", flush=True)
    threading.Event().wait()


if __name__ == "__main__":
    serve(int(sys.argv[1]))
