"""Doing a step in the learner's folder, with care for what they have written there."""

import difflib
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from workbook.build import replay, school
from workbook.build.page import Changed, Given
from workbook.build.step import Step
from workbook.change import DoesNotFit

# Django invents it when a project begins: the learner's is another than the path's.
SECRET = re.compile(rb"^SECRET_KEY = 'django-insecure-.*'$", re.M)


def with_their_key(folder: Path):
    """Write the learner's own key into the path's settings, so that they agree."""
    theirs, ours = (one / "config" / "settings.py" for one in (school.FOLDER, folder))
    key = SECRET.search(theirs.read_bytes()) if theirs.is_file() else None
    if key and ours.is_file():
        ours.write_bytes(SECRET.sub(lambda _: key[0], ours.read_bytes()))


@contextmanager
def path_around(step: Step) -> Iterator[tuple[dict, dict, Path]]:
    """Yield the path's files before and after `step`, and the folder of the latter."""
    with tempfile.TemporaryDirectory(prefix="path-") as scratch:
        folder = Path(scratch) / "school"
        replay.make_before(step, folder)
        with_their_key(folder)
        before = replay.contents(folder)
        replay.do_step(step, folder)
        yield before, replay.contents(folder), folder


def touched(before: dict, after: dict) -> list[str]:
    """Return the paths that the step makes, changes or removes."""
    return sorted(path for path in before | after if before.get(path) != after.get(path))


def give(step: Step) -> list[str]:
    """Put the step's given files into the school; return what was kept beside."""
    given = [part for part in step.page.parts if isinstance(part, Given)]
    if not given:
        return []
    kept = []
    with path_around(step) as (before, _, _):
        for part in given:
            for path, source in replay.given_files(step, part):
                kept += _put(path, source.read_bytes(), before.get(path), source)
    return kept


def do(step: Step) -> list[str]:
    """Do the step for the learner; return the paths of theirs that were kept beside."""
    kept = []
    with path_around(step) as (before, after, folder):
        diffs = {part.file: part for part in step.page.parts if isinstance(part, Changed)}
        for path in touched(before, after):
            if path in after and path in diffs and _fits(diffs[path], before.get(path)):
                continue
            kept += _put(path, after.get(path), before.get(path), folder / path)
    return kept


def _fits(part: Changed, before: bytes | None) -> bool:
    """Whether the page's changes fit the learner's own file; then they are made there."""
    file = school.FOLDER / part.file
    if not file.is_file() or file.read_bytes() == before:
        return False
    text = file.read_bytes().decode(errors="surrogateescape")
    try:
        for change in part.changes:
            text = change.of(text)
    except DoesNotFit:
        return False
    file.write_bytes(text.encode(errors="surrogateescape"))
    return True


def _put(path: str, content: bytes | None, before: bytes | None, like: Path) -> list[str]:
    """Write one file (None: remove it); return its path when theirs was kept beside."""
    file = school.FOLDER / path
    theirs = file.read_bytes() if file.is_file() else None
    if theirs == content:
        return []
    if content is None:  # a file of their own stays where it is
        if theirs == before:
            file.unlink()
        return []
    kept = []
    if theirs is not None and theirs != before:
        beside = school.free_name(file, "mine")
        shutil.copy2(file, beside)
        kept.append(f"{path} (yours is {beside.relative_to(school.FOLDER)})")
    replay.put(file, content, like)
    return kept


def difference(step: Step) -> list[str]:
    """Return the lines of a diff from the learner's files to the end of the step."""
    lines = []
    with path_around(step) as (before, after, _):
        for path in touched(before, after):
            file = school.FOLDER / path
            mine = file.read_bytes() if file.is_file() else b""
            texts = (mine, after.get(path, b""))
            lines += difflib.unified_diff(
                *(text.decode(errors="replace").splitlines() for text in texts),
                f"yours/{path}",
                f"step-{step.name}/{path}",
                lineterm="",
            )
    return lines
