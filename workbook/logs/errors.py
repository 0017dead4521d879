"""A traceback, read line by line: its first error, and our line where it happened."""

import re

HEAD = "Traceback (most recent call last):"
THREAD = re.compile(r"Exception in thread |Internal Server Error: ")
FRAME = re.compile(r'\s+File "(.+)", line (\d+)')
AGAIN = re.compile(r"During handling of the above|The above exception was the direct cause")
FOREIGN = ("/site-packages/", "/lib/python", "<frozen ")
REMOTE = '"""'  # a traceback that came from a child is quoted


class Traceback:
    """Give it each line of a process: `takes` says whether the line belongs to one."""

    def __init__(self):
        self.inside = False
        self.chained = False  # after the first error: what it led to
        self._start()

    def _start(self):
        self.error = ""
        self.place = ""
        self.last = ""
        self.is_complete = False

    def takes(self, line: str) -> bool:
        """Whether the line is part of a traceback; `is_complete` at its last one."""
        words = line.strip()
        self.is_complete = False
        if words == HEAD:
            if not self.chained:
                self._start()
            self.inside = True
            return True
        if self.inside:
            return self._inside(line, words)
        if AGAIN.match(words):
            self.chained = True
            return True
        if self.chained and words and words != REMOTE:
            self.chained = False
        return bool(THREAD.match(words)) or words == REMOTE

    def _inside(self, line: str, words: str) -> bool:
        if line[:1].isspace() or not words or words.startswith(REMOTE):
            if not self.chained and (frame := FRAME.match(line)):
                self._note(*frame.groups())
            return True
        self.inside = False
        if not self.chained:
            self.error = words
            self.place = self.place or self.last
            self.is_complete = True
        self.chained = False
        return True

    def _note(self, path: str, number: str):
        """Keep the last frame that is not a library's; the very last one for want of it."""
        short = "/".join(path.split("/")[-2:])
        self.last = f" ({short}, line {number})"
        if not any(part in path for part in FOREIGN):
            self.place = self.last
