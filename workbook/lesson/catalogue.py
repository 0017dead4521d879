"""The notebooks: which there are, whether they were run, the learner's copies."""

import hashlib
import json
import shutil
from pathlib import Path

import nbformat

from workbook.stages import ROOT

FOLDER = ROOT / "notebooks"
COPIES = ROOT / "my_work" / "notebooks"
COPIED = ".copied.json"  # in COPIES: what each copy was when it was made


def find(*numbers: str, folder: Path = FOLDER) -> list[Path]:
    """Return the notebooks whose names begin with these numbers; all without a number.

    ValueError for a number that no notebook has.
    """
    found = sorted(folder.glob("[0-9]*.ipynb"))
    for number in numbers:
        if not any(_number(path) == number.zfill(2) for path in found):
            raise ValueError(f"There is no notebook {number!r} in {folder.name}/.")
    wanted = {number.zfill(2) for number in numbers}
    return [path for path in found if not wanted or _number(path) in wanted]


def _number(path: Path) -> str:
    return path.name.partition("_")[0]


def code_cells(path: Path) -> list:
    """Return the code cells of a notebook that have something in them."""
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code" and cell.source.strip()]


def not_run(path: Path) -> list[str]:
    """Return the first lines of the code cells that were never run.

    nbval compares nothing at all in such a cell, so it would prove nothing.
    """
    return [
        cell.source.splitlines()[0]
        for cell in code_cells(path)
        if cell.execution_count is None
    ]


def copy_to_learner(folder: Path = FOLDER, copies: Path = COPIES) -> list[str]:
    """Bring the learner's copies up to date; return a sentence for each one kept back.

    A copy that the learner changed stays as it is. So does one of a file that
    this function did not put there.
    """
    copies.mkdir(parents=True, exist_ok=True)
    note = copies / COPIED
    try:
        copied = dict(json.loads(note.read_text()))
    except (OSError, ValueError, TypeError):
        copied = {}
    kept = []
    for lesson in [*find(folder=folder), *sorted(folder.glob("*.png"))]:
        copy = copies / lesson.name
        if copy.exists() and _hash(copy) == _hash(lesson):
            copied[lesson.name] = _hash(lesson)
        elif not copy.exists() or _hash(copy) == copied.get(lesson.name):
            shutil.copyfile(lesson, copy)
            copied[lesson.name] = _hash(lesson)
        else:
            kept.append(f"Your own {lesson.name} was kept; delete it to begin anew.")
    note.write_text(json.dumps(copied, indent=1, sort_keys=True))
    return kept


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
