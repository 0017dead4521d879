"""The SMTP side: takes every message for every address and puts it into the store."""

import asyncio
import logging

from aiosmtpd.smtp import SMTP, Envelope, Session

from workbook.panel.inbox.store import Store

LARGEST_MESSAGE = 10 * 1024 * 1024  # bytes; told to clients as SIZE, refused with 552
log = logging.getLogger("workbook.mail")


class Postbox:
    """What aiosmtpd calls: the names of these methods are aiosmtpd's."""

    def __init__(self, store: Store):
        self._store = store

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        args = envelope.content, envelope.mail_from or "", envelope.rcpt_tos
        try:
            await asyncio.to_thread(self._store.add, *args)
        except OSError as problem:
            log.error("The mail could not be kept: %s", problem)
            return "452 The message could not be kept, try again later"
        return "250 Message accepted"

    async def handle_exception(self, error: Exception) -> str:
        log.error("An SMTP conversation failed: %r", error)
        return "451 Local error, try again later"


class Server(SMTP):
    # By its standard a line has at most 1,000 bytes; a client that ends its lines in
    # its own way (smtplib does with bytes) sends one long line, and is read as well.
    line_length_limit = LARGEST_MESSAGE


async def listen(store: Store, host: str, port: int) -> asyncio.Server:
    """A server that already takes mail. Raises OSError where the port is not free."""
    loop = asyncio.get_running_loop()
    return await loop.create_server(
        lambda: Server(
            Postbox(store),
            data_size_limit=LARGEST_MESSAGE,
            enable_SMTPUTF8=True,
            hostname="localhost",
            ident="Workbook inbox",
            loop=loop,
        ),
        host,
        port,
    )
