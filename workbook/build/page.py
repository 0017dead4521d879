"""Reading a step's README: the page that people follow is the program that we replay.

About 10 minutes.          how long the step takes
Given: students/, a.html   copied from the stage; what it is stands in the text after it
`slow/tasks.py`:           names the file of the block that comes next: a ```diff changes
                           it, any other block is the whole new file
```sh                      commands typed in the folder, at this place of the page
```console, ```pycon       what is typed in terminals, with what one sees (typed/)
<!-- Ctrl-C: runserver --> what is ended here; not shown to people
"""

import re
import textwrap
from dataclasses import dataclass

from workbook.change import Change

FENCE = re.compile(r"^```(\S*)\s*$")
NAMED = re.compile(r"^`([^`\s]+)`:\s*$")
GIVEN = re.compile(r"^Given: (.+?)\.?\s*$")
TYPED = ("console", "pycon")
CTRL_C = re.compile(r"^<!-- Ctrl-C: (.+) -->$")
HIDDEN = re.compile(r"^<!--.*-->\n\n?", re.M)


class Malformed(ValueError):
    """A step's folder is not as it should be; the message names the file."""


@dataclass(frozen=True)
class Given:
    """Files and folders (they end in a slash) that the stage gives."""

    paths: tuple[str, ...]


@dataclass(frozen=True)
class NewFile:
    file: str
    text: str


@dataclass(frozen=True)
class Changed:
    file: str
    changes: tuple[Change, ...]
    added: int  # lines


@dataclass(frozen=True)
class Commands:
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Session:
    """What is typed in terminals; it changes no file of the path."""

    kind: str  # console or pycon
    text: str


@dataclass(frozen=True)
class CtrlC:
    """What runs is ended: "make redis", or "all"."""

    kind: str


@dataclass(frozen=True)
class Page:
    title: str
    minutes: int
    parts: tuple
    text: str

    @property
    def typed_lines(self) -> int:
        """How many lines of code the learner writes; empty ones do not count."""
        new = [p.text.split("\n") for p in self.parts if isinstance(p, NewFile)]
        count = sum(bool(line.strip()) for lines in new for line in lines)
        return count + sum(p.added for p in self.parts if isinstance(p, Changed))


def read_page(text: str, where: str) -> Page:
    """Return what the page says; Malformed, naming `where`, when it cannot be read."""
    title = re.match(r"# (.+)", text)
    minutes = re.search(r"^About (\d+) minutes\.", text, re.M)
    if not title or not minutes:
        raise Malformed(f"{where}: a title (# ...) and `About N minutes.` are needed.")
    shown = HIDDEN.sub("", text)
    return Page(title[1], int(minutes[1]), tuple(_parts(text, where)), shown)


def _parts(text: str, where: str):
    lines = iter(text.splitlines())
    named = ""  # the file that the next block is about
    for line in lines:
        if fence := FENCE.match(line):
            part = _block(fence[1], _inside(lines, where), named, where)
            if part:
                yield part
            named = ""
        elif given := GIVEN.match(line):
            yield Given(tuple(path.strip(" `") for path in given[1].split(",")))
        elif match := NAMED.match(line):
            named = match[1]
        elif ending := CTRL_C.match(line):
            yield CtrlC(ending[1])
        elif line.strip():
            named = ""


def _inside(lines, where: str) -> str:
    """Return the lines up to the end of the block."""
    found = []
    for line in lines:
        if line.startswith("```"):
            return "".join(f"{one}\n" for one in found)
        found.append(line)
    raise Malformed(f"{where}: a block has no end.")


def _block(kind: str, text: str, named: str, where: str):
    if named and kind == "diff":
        return _changed(named, text, where)
    if named:
        return NewFile(named, text)
    if kind == "sh":
        return Commands(tuple(textwrap.dedent(text).splitlines()))
    return Session(kind, text) if kind in TYPED else None


def _changed(file: str, text: str, where: str) -> Changed:
    """Read a diff without numbers: `@@` or `...` parts one place from the next."""
    changes = []
    for place in re.split(r"^(?:@@.*|\.\.\.)\n", text, flags=re.M):
        lines = place.splitlines(keepends=True)
        if wrong := [line for line in lines if line[0] not in "+- \n"]:
            raise Malformed(f"{where}: {file}: a diff has + - or a space: {wrong[0]!r}")
        before = "".join(line[1:] or "\n" for line in lines if line[0] != "+")
        after = "".join(line[1:] or "\n" for line in lines if line[0] != "-")
        if before == after or not before:
            raise Malformed(f"{where}: {file}: a place of the diff changes nothing known.")
        changes.append(Change(file, before, after))
    added = sum(bool(line[1:].strip()) for line in text.splitlines() if line[0:1] == "+")
    return Changed(file, tuple(changes), added)
