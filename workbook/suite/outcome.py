"""What a finished part of the suite did: counted from JUnit XML or its closing line."""

import re
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

# pytest's closing line, or the plain "N passed, N failed, N skipped"
CLOSING = re.compile(
    r"^=*\s*((?:\d+ [a-z]+(?:, )?)+?)(?: in [\d.]+s.*?)?\s*=*$", re.MULTILINE
)
COUNT = re.compile(r"(\d+) (passed|failed|errors?|skipped|xfailed|xpassed)\b")


@dataclass
class Outcome:
    """Counts of tests, and why the skipped ones did not run."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)

    def __add__(self, other: "Outcome") -> "Outcome":
        return Outcome(
            self.passed + other.passed,
            self.failed + other.failed,
            self.skipped + other.skipped,
            self.reasons + other.reasons,
        )

    def __str__(self) -> str:
        """The plain closing line."""
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def from_junit(path: Path) -> Outcome | None:
    """Count the cases of a JUnit file; None when there is no whole one."""
    try:
        cases = list(ElementTree.parse(path).iter("testcase"))
    except (OSError, ElementTree.ParseError):
        return None
    found = Outcome()
    for case in cases:
        skipped = case.find("skipped")
        if case.find("failure") is not None or case.find("error") is not None:
            found.failed += 1
        elif skipped is not None:
            found.skipped += 1
            name = f"{case.get('classname')}.{case.get('name')}"
            found.reasons.append(f"{name}: {skipped.get('message')}")
        else:
            found.passed += 1
    return found


def from_text(text: str) -> Outcome | None:
    """Add up every closing line in `text`; None when there is none."""
    found = None
    for line in CLOSING.finditer(text):
        counts = COUNT.findall(line[1])
        if not counts:
            continue
        found = found or Outcome()
        for number, word in counts:
            if word in ("passed", "xfailed"):
                found.passed += int(number)
            elif word == "skipped":
                found.skipped += int(number)
            else:
                found.failed += int(number)
    if found:
        found.reasons += re.findall(r"^SKIPPED \[\d+\] (.+)$", text, re.MULTILINE)
    return found


def of_part(status: int | None, junit: Path | None, text: str) -> Outcome:
    """Return the counts of a part that ended with `status` (None: it was ended by us).

    A part without counts is one check. A bad status always is a failure.
    """
    found = from_junit(junit) if junit else from_text(text)
    if found is None:
        found = Outcome(passed=1 if status == 0 and not junit else 0)
    if (status != 0 or found.passed + found.skipped == 0) and not found.failed:
        found.failed = 1
    return found
