"""Do starter and solution still fit their stage?

They hold whole files of the stage with a few lines changed. When the stage's file
changes, they must follow. `fits.json` beside a stage's exercises keeps the git id of
each stage file that they were made from; `refit` brings the stage's changes over.
"""

import hashlib
import json
import subprocess
import tempfile
from pathlib import Path

from workbook.exercises import catalogue, copies
from workbook.exercises.catalogue import Exercise
from workbook.stages import ROOT

FILE = "fits.json"


def git_id(path: Path) -> str:
    """Return git's id for the content of a file; "" when it is not there."""
    if not path.is_file():
        return ""
    data = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data).hexdigest()


def noted(exercise: Exercise) -> dict[str, str]:
    try:
        kept = json.loads((exercise.folder.parent / FILE).read_text())
    except FileNotFoundError:
        return {}
    return kept.get(exercise.folder.name, {})


def actual(exercise: Exercise) -> dict[str, str]:
    """Return the git id of every stage file that starter or solution replace."""
    return {
        path: git_id(exercise.stage_folder / path)
        for path in copies.changed_paths(exercise)
    }


def misfits(exercise: Exercise) -> list[str]:
    """Return a sentence for each file that the stage has changed since."""
    before, now = noted(exercise), actual(exercise)
    return [
        f"the stage's {path} is not the one that the exercise was made from: "
        "python -m workbook exercises-refit"
        for path in sorted(before.keys() | now.keys())
        if before.get(path) != now.get(path)
    ]


def merge(exercise: Exercise, layer: Path, path: str, base: str) -> bool:
    """Bring the stage's changes since `base` into one file; return whether it was clean."""
    old = subprocess.run(
        ["git", "cat-file", "blob", base], cwd=ROOT, capture_output=True, check=False
    )
    if old.returncode:
        return False
    with tempfile.TemporaryDirectory() as folder:
        ancestor = Path(folder) / "base"
        ancestor.write_bytes(old.stdout)
        words = ["git", "merge-file", "-L", "exercise", "-L", "before", "-L", "stage"]
        files = [layer / path, ancestor, exercise.stage_folder / path]
        merged = subprocess.run(
            [*words, "-p", *map(str, files)], capture_output=True, check=False
        )
    if merged.returncode == 0:
        (layer / path).write_bytes(merged.stdout)
    return merged.returncode == 0


def follow(exercise: Exercise) -> dict[str, str]:
    """Bring the stage's changes over; return the ids that now hold for the exercise.

    Where a change cannot be merged the old id stays, and so does the complaint.
    """
    before, now = noted(exercise), actual(exercise)
    for path, base in before.items():
        if not now.get(path) or base in ("", now[path]):
            continue
        for layer in (exercise.starter, exercise.solution):
            if not (layer / path).exists():
                continue
            if merge(exercise, layer, path, base):
                print(f"{exercise.name}: merged {layer.name}/{path}")
            else:
                print(
                    f"{exercise.name}: could not merge {layer.name}/{path}: write it anew "
                    f"from the stage's file, and delete its line in {FILE}"
                )
                now[path] = base
    return now


def refit() -> int:
    """Merge what the stages changed into starters and solutions; note the new ids."""
    status = 0
    for stage in range(1, 5):
        ids = {}
        for exercise in catalogue.exercises(stage):
            ids[exercise.folder.name] = follow(exercise)
            target = exercise.folder.parent / FILE
            status |= ids[exercise.folder.name] != actual(exercise)
        if ids:
            target.write_text(json.dumps(ids, indent=1, sort_keys=True) + "\n")
    return int(status)
