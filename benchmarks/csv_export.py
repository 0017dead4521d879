"""A million students as CSV: the naive way, the stage's, and the least possible.

Ratios are of processor time, which other programs on the machine disturb least.
"""

import itertools
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

from benchmarks.parts.export_ways import STAGE

ROOT = Path(__file__).resolve().parent.parent
SIZES = (10_000, 100_000, 1_000_000)  # students
WAYS = ("naive", "ours", "limit")
ROUNDS = 3  # of each the quickest counts: the other ones met somebody else's work
FLAT = 10  # MB that the peak may grow from 100,000 students to 1,000,000
NAMES = [
    f"{first} da Silva Nº {n}" for first in ("Ana", "João", "Úrsula") for n in range(99)
]


def make_empty(database: Path):
    """Make a new school without students, by the stage's own migrations."""
    database.unlink(missing_ok=True)
    env = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(database.parent),
    }
    words = [sys.executable, "manage.py", "migrate", "-v", "0"]
    subprocess.run(words, cwd=STAGE, env=env, check=True)


def fill(database: Path, size: int):
    """Add `size` students."""
    people = zip(itertools.cycle(NAMES), itertools.cycle(range(11, 19)), strict=False)
    connection = sqlite3.connect(database)
    with connection:
        connection.executemany(
            "INSERT INTO students_student (name, age) VALUES (?, ?)",
            itertools.islice(people, size),
        )
    connection.close()


def measure(way: str, database: Path) -> dict:
    """Run one export in a process of its own; return its seconds and megabytes."""
    file = database.with_suffix(f".{way}.csv")
    words = [
        sys.executable,
        "-m",
        "benchmarks.parts.export_ways",
        way,
        str(database),
        str(file),
    ]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    rows = sum(1 for _ in file.open("rb")) - 1
    file.unlink()
    return {"rows": rows} | json.loads(done.stdout)


def measure_all(folder: Path, sizes=SIZES, rounds=ROUNDS) -> dict:
    """Return {size: {way: figures}}; the ways take turns, to meet the same load."""
    figures = {}
    empty = folder / "empty.sqlite3"
    make_empty(empty)
    for size in sizes:
        database = Path(shutil.copy(empty, folder / f"{size}.sqlite3"))
        fill(database, size)
        best = {}
        for _ in range(rounds):
            for way in WAYS:
                one = measure(way, database)
                if one["rows"] != size:
                    raise ValueError(f"{way}: {one['rows']} rows of {size}")
                if way not in best or one["cpu"] < best[way]["cpu"]:
                    best[way] = one
        figures[size] = best
        for left in folder.glob(f"{database.name}*"):
            left.unlink()
    return figures


def table(figures: dict) -> str:
    lines = ["students    way      rows/s   of the limit   memory grew"]
    for size, ways in figures.items():
        for way, one in ways.items():
            share = ways["limit"]["cpu"] / one["cpu"]
            lines.append(
                f"{size:>9,}   {way:<6} {size / one['seconds']:>9,.0f}   "
                f"{share:>12.2f}   {one['megabytes']:>8.1f} MB"
            )
    return "\n".join(lines)


def draw(figures: dict, path: Path):
    """Two plots over the number of students: seconds and memory."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    canvas, (left, right) = pyplot.subplots(1, 2, figsize=(10, 4))
    for axes, key, title in ((left, "seconds", "Seconds"), (right, "megabytes", "MB more")):
        for way in WAYS:
            axes.plot(
                list(figures), [one[way][key] for one in figures.values()], "o-", label=way
            )
        axes.set(title=title, xlabel="students", ylim=(0, None))
        axes.legend()
    canvas.tight_layout()
    canvas.savefig(path)
    pyplot.close(canvas)


def run(folder: Path) -> dict[str, bool]:
    figures = measure_all(folder)
    text = table(figures)
    print(text, end="\n\n")
    (folder / "table.txt").write_text(text + "\n")
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    draw(figures, folder / "plot.png")
    hundred, million = figures[SIZES[-2]], figures[SIZES[-1]]
    share = million["limit"]["cpu"] / million["ours"]["cpu"]
    grown = million["ours"]["megabytes"] - hundred["ours"]["megabytes"]
    return {
        f"ours reaches nine tenths of the limit or more: {share:.2f}": share >= 0.9,
        f"ours takes no more memory for ten times the students: {grown:+.1f} MB": grown
        < FLAT,
    }
