"""A change of a file: a text that stands in it exactly once, and what comes instead.

Exercises, mutants and build steps are written as changes. So they hold only what they
are about, and follow the stage in everything else.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


class DoesNotFit(ValueError):
    """The text is not there exactly once; the message names the file and the text."""


@dataclass(frozen=True)
class Change:
    """In `file`, a path inside some folder: `replace` instead of `find`."""

    file: str
    find: str
    replace: str

    def of(self, text: str) -> str:
        """Return `text`, the content of the file, with the change in it."""
        count = text.count(self.find) if self.find else 0
        if count != 1:
            raise DoesNotFit(f"{self.file} has {count} times, not once: {self.find!r}")
        return text.replace(self.find, self.replace)

    def apply(self, folder: Path):
        """Change the file in `folder`."""
        path = folder / self.file
        if not path.is_file():
            raise DoesNotFit(f"{self.file} is not there; it should have: {self.find!r}")
        path.write_bytes(self.of(path.read_bytes().decode()).encode())


def apply_all(changes: Iterable[Change], folder: Path):
    """Make the changes one after the other: a later one sees the earlier ones."""
    for change in changes:
        change.apply(folder)
