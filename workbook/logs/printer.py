"""Prints the lines of all processes, each behind the coloured name of its process."""

import os
import sys
import threading

from workbook.logs.quiet import Quiet

COLOURS = (36, 33, 32, 35, 34, 96, 93)


class Printer:
    """Called with a process's name and a line of it; prints what `quiet` leaves of it."""

    def __init__(self, quiet: Quiet | None):
        self.quiet = quiet  # None: every line
        self.colours: dict[str, int] = {}
        self.lock = threading.Lock()
        self.coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ

    def __call__(self, name: str, line: str):
        with self.lock:
            shown = self.quiet(name, line) if self.quiet else line
            if shown is not None:
                self._print(name, shown)

    def say(self, name: str, line: str):
        """Print our own words about a process."""
        with self.lock:
            self._print(name, line)

    def tell(self, *lines: str):
        """Print our own words about the whole; no other line gets in between."""
        with self.lock:
            print(*lines, sep="\n", flush=True)

    def _print(self, name: str, line: str):
        colour = self.colours.setdefault(name, COLOURS[len(self.colours) % len(COLOURS)])
        prefix = f"{name:<10} |"
        if self.coloured:
            prefix = f"\033[{colour}m{prefix}\033[0m"
        print(prefix, line, flush=True)
