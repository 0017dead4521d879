"""Replaying the path: what a step makes of a folder."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbook.build.page import Changed, Commands, Given, NewFile
from workbook.build.step import Step, of_stage
from workbook.change import apply_all
from workbook.run.variables import outside_a_run
from workbook.stages import FOLDERS, ROOT

# What a stage has beside its code; the path does not lead there.
ASIDE = ("tests", "exercises", "step_by_step", "README.md")
BY_PRODUCTS = (
    *("var", "__pycache__", ".git", ".pytest_cache", ".ruff_cache"),
    *("*.sqlite3*", "celerybeat-schedule*"),
)
LEFT_OUT = shutil.ignore_patterns(*ASIDE, *BY_PRODUCTS)
NOT_SOURCES = shutil.ignore_patterns(*BY_PRODUCTS)


class CommandFailed(ValueError):
    """A command of the page failed; the message has its last words."""


def make_start(stage: int, folder: Path):
    """Make what the path of `stage` begins with: the stage before, or nothing."""
    if stage == min(FOLDERS):
        folder.mkdir(parents=True)
    else:
        shutil.copytree(ROOT / FOLDERS[stage - 1], folder, ignore=LEFT_OUT)


def make_before(step: Step, folder: Path):
    """Make the folder as it is when `step` begins."""
    make_start(step.stage, folder)
    for earlier in of_stage(step.stage):
        if earlier.number < step.number:
            do_step(earlier, folder)


def do_step(step: Step, folder: Path):
    """Do what the page says, from its top to its end."""
    for part in step.page.parts:
        do_part(step, part, folder)


def do_part(step: Step, part, folder: Path):
    """Do what a part of the page says; what is only looked at changes nothing."""
    if isinstance(part, Given):
        for path, source in given_files(step, part):
            put(folder / path, source.read_bytes(), source)
    elif isinstance(part, NewFile):
        put(folder / part.file, part.text.encode())
    elif isinstance(part, Changed):
        apply_all(part.changes, folder)
    elif isinstance(part, Commands):
        for line in part.lines:
            type_command(line, folder)


def given_files(step: Step, part: Given) -> list[tuple[str, Path]]:
    """Return (path in the folder, the stage's file) of all that is given."""
    stage = ROOT / FOLDERS[step.stage]
    found = []
    for path in part.paths:
        source = stage / path
        if source.is_dir():
            inside = (file for file in sorted(source.rglob("*")) if file.is_file())
            found += [file for file in inside if "__pycache__" not in file.parts]
        elif source.is_file():
            found.append(source)
        else:
            raise ValueError(f"{step.readme} gives {path}, which the stage has not.")
    return [(file.relative_to(stage).as_posix(), file) for file in found]


def put(file: Path, content: bytes, like: Path | None = None):
    """Write a file, with the folders above it."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    if like:
        shutil.copymode(like, file)


def type_command(line: str, folder: Path):
    """Type a line of the page in a shell, in the folder."""
    done = subprocess.run(
        ["sh", "-c", line],
        cwd=folder,
        env=typist_env(),
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        words = (done.stderr or done.stdout).strip().splitlines()
        raise CommandFailed(f"`{line}` failed: {words[-1] if words else 'no reason'}")


def typist_env() -> dict[str, str]:
    """The environment of a terminal in which .venv is active."""
    env = {**outside_a_run(), "PYTHONDONTWRITEBYTECODE": "1"}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    return env


def contents(folder: Path) -> dict[str, bytes]:
    """Return the sources in `folder` by their paths; by-products are none."""
    found = {}
    for here, folders, names in os.walk(folder):
        out = NOT_SOURCES(here, folders + names)
        folders[:] = [name for name in folders if name not in out]
        for name in set(names) - set(out):
            file = Path(here) / name
            found[file.relative_to(folder).as_posix()] = file.read_bytes()
    return found
