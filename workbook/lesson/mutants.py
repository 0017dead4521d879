"""`make mutants`: break a stage on purpose, and see its lesson fail.

A lesson that passes with a broken stage teaches nothing. notebooks/mutants.toml
lists what is broken, and the words with which the lesson must then fail.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

from nbclient.exceptions import CellExecutionError

from workbook.change import Change
from workbook.lesson.catalogue import FOLDER, find
from workbook.lesson.kernel import execute
from workbook.stages import ROOT

COLOURING = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True)
class Mutant:
    """One change of a stage, and how the `lesson` must fail with it."""

    lesson: str  # a notebook's file name
    why: str
    change: Change
    fails_with: str  # words of the claim that is no longer true


def mutant(lesson: str, why: str, fails_with: str, **change: str) -> Mutant:
    return Mutant(lesson, why, Change(**change), fails_with)


def read(path: Path = FOLDER / "mutants.toml") -> list[Mutant]:
    """Return the mutants of the list."""
    return [mutant(**entry) for entry in tomllib.loads(path.read_text())["mutant"]]


def copy_tree(target: Path):
    """Copy what git knows, or would add, to `target`."""
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    for name in filter(None, listing.split("\0")):
        if (ROOT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, target / name)


def failure(notebook: Path) -> str:
    """Return the error with which the notebook fails; "" when it does not."""
    try:
        execute(notebook)
    except CellExecutionError as error:
        return COLOURING.sub("", f"{error.ename}: {error.evalue}")
    except TimeoutError:
        return "TimeoutError: a cell took too long"
    return ""


def judge(mutant: Mutant, tree: Path) -> str:
    """Run the lesson with the broken stage in `tree`; return "" when it fails rightly."""
    file = tree / mutant.change.file
    whole = file.read_text()
    mutant.change.apply(tree)
    try:
        found = failure(tree / "notebooks" / mutant.lesson)
    finally:
        file.write_text(whole)
    if not found:
        return "the lesson did not notice"
    return "" if mutant.fails_with in found else f"the lesson failed otherwise: {found}"


def run(*numbers: str) -> int:
    """Judge the mutants of these notebooks, or of all; return 0 when all are noticed."""
    wanted = {path.name for path in find(*numbers)}
    mutants = [mutant for mutant in read() if mutant.lesson in wanted]
    survivors = 0
    with tempfile.TemporaryDirectory() as folder:
        copy_tree(Path(folder))
        for mutant in mutants:
            trouble = judge(mutant, Path(folder))
            survivors += bool(trouble)
            mark = "✘" if trouble else "✔"
            print(f"{mark} {mutant.lesson[:2]} {mutant.why}", flush=True)
            if trouble:
                print(f"    {trouble}", file=sys.stderr, flush=True)
    print(f"{len(mutants) - survivors} of {len(mutants)} mutants were noticed.")
    return 1 if survivors or not mutants else 0
