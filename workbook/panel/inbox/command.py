"""python -m workbook.mail: a local SMTP server whose mail is read in the browser."""

import argparse
import asyncio
import errno
import os
import signal
import sys
from pathlib import Path

from workbook.panel.inbox import smtp
from workbook.panel.inbox.site import site
from workbook.panel.inbox.store import Store
from workbook.panel.serving import listen, server

HOST = "127.0.0.1"  # this machine only
CANNOT_START = 2  # exit status
PORTS = (("--smtp-port", "SMTP_PORT", 1025), ("--ui-port", "MAIL_UI_PORT", 8025))  # 0: any


def main() -> int:
    options = parse_arguments()
    try:
        asyncio.run(serve(options.smtp_port, options.ui_port, options.dir))
    except CannotStart as reason:
        print(reason, file=sys.stderr)
        return CANNOT_START
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m workbook.mail", description=__doc__)
    for option, variable, usual in PORTS:
        default = os.environ.get(variable) or str(usual)  # as text: checked like any other
        parser.add_argument(option, type=port, default=default, help=f"or {variable}")
    parser.add_argument("--dir", type=Path, default=Path("var/mail"), help="keeps the mail")
    return parser.parse_args()


def port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (0 to 65535)")
    return int(text)


class CannotStart(Exception):
    """One line for the user."""


async def serve(smtp_port: int, ui_port: int, folder: Path) -> None:
    """Answers on both ports until the process is told to stop."""
    stop = stop_event()
    try:
        store = await asyncio.to_thread(Store, folder)
    except OSError as reason:
        raise CannotStart(f"Cannot keep mail in {folder}: {reason.strerror}.") from None
    try:
        mail = await smtp.listen(store, HOST, smtp_port)
    except OSError as reason:
        raise CannotStart(why(reason, smtp_port, "--smtp-port", "SMTP_PORT")) from None
    smtp_address = f"{HOST}:{mail.sockets[0].getsockname()[1]}"
    try:
        door = listen(HOST, ui_port)
    except OSError as reason:
        raise CannotStart(why(reason, ui_port, "--ui-port", "MAIL_UI_PORT")) from None
    web = server(site(store, smtp_address, neighbours()))
    serving = asyncio.create_task(web.serve([door]))
    print(
        f"Inbox: http://{HOST}:{door.getsockname()[1]}/  SMTP: {smtp_address}", flush=True
    )
    await stop.wait()
    mail.close()
    web.should_exit = True
    await serving


def neighbours() -> list[tuple[str, str]]:
    """Return what runs beside the inbox, as its environment says: words and address."""
    ports = {"The stage": "PORT", "Machine room": "ROOM_PORT"}
    return [
        (words, f"http://{HOST}:{os.environ[name]}/")
        for words, name in ports.items()
        if os.environ.get(name, "").isdecimal()
    ]


def stop_event() -> asyncio.Event:
    """Set by Ctrl-C or SIGTERM."""
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: loop.call_soon_threadsafe(stop.set))
    return stop


def why(reason: OSError, number: int, option: str, variable: str) -> str:
    if reason.errno == errno.EADDRINUSE:
        return f"Port {number} is in use. Choose another with {option} (make: {variable})."
    return f"Port {number} cannot be used: {reason.strerror}."
