"""The followed file, read once in this process for all who follow it."""

import asyncio
import logging
from collections.abc import AsyncIterator

from django.conf import settings

from sockets.fan_out import one_a_loop

from .followed_file import MOST, FollowedFile

LOOK_EVERY = 0.3  # seconds
logger = logging.getLogger(__name__)


class Following:
    """Keeps the end of the file, and counts the characters that there ever were."""

    def __init__(self):
        self.tail, self.end = "", 0
        self.followers = 0
        self.reading = None
        self.news = asyncio.Event()

    async def pieces(self) -> AsyncIterator[tuple[str, bool]]:
        """Yield each text that is added, and whether it replaces what came before.

        It does at first, and after the file was cut or exchanged. Whoever takes the
        pieces slowly gets longer ones, and none when they are too long to be kept.
        """
        at = -1
        self.followers += 1
        if self.reading is None or self.reading.done():
            self.tail = ""  # of long ago
            self.reading = asyncio.create_task(self._read())
        try:
            while True:
                if self.tail and at < self.end:
                    start = self.end - len(self.tail)
                    is_new = at < start
                    text = self.tail[max(at - start, 0) :]
                    at = self.end
                    yield text, is_new
                else:
                    await self.news.wait()
        finally:
            self.followers -= 1

    async def _read(self):
        file = FollowedFile(settings.FOLLOWED_FILE)
        while self.followers:
            try:
                # In a thread: while a slow disk is read, the sockets go on.
                text, is_new = await asyncio.to_thread(file.read_new)
            except OSError as error:
                logger.warning("The followed file cannot be read: %s", error)
            else:
                if text:
                    self._take(text, is_new)
            await asyncio.sleep(LOOK_EVERY)

    def _take(self, text, is_new):
        self.tail = (text if is_new else self.tail + text)[-MOST:]
        self.end += len(text) + is_new  # one more: nobody has read up to here yet
        news, self.news = self.news, asyncio.Event()
        news.set()


following = one_a_loop(Following)
