"""A file that grows, read a piece at a time."""

import codecs
import os
from pathlib import Path

MOST = 64 * 1024  # bytes in one piece


class FollowedFile:
    """Remembers how far the file has been read."""

    def __init__(self, path: Path):
        self.path = path
        self.inode = None
        self._start_at(0)

    def _start_at(self, position: int):
        self.position = position
        self.is_new = True
        # A character of several bytes may be cut between two pieces.
        self.decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")

    def read_new(self) -> tuple[str, bool]:
        """Return the text that was added, and whether it replaces what was read before.

        It does at first, and after the file was cut, exchanged, or grew by more
        than MOST: then the piece is its last MOST bytes. No file is no text. Blocks
        as reading does: call it from a thread.
        """
        try:
            with self.path.open("rb") as file:
                state = os.fstat(file.fileno())
                if state.st_ino != self.inode or state.st_size < self.position:
                    self.inode = state.st_ino
                    self._start_at(0)
                if state.st_size - self.position > MOST:
                    self._start_at(state.st_size - MOST)
                file.seek(self.position)
                piece = file.read(MOST)
        except FileNotFoundError:
            return "", False
        self.position += len(piece)
        text = self.decoder.decode(piece)
        if not text:
            return "", False
        is_new, self.is_new = self.is_new, False
        return text, is_new
