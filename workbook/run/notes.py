"""Which stages run now: each leaves a note, run.json, beside its database.

`make doctor` reads the notes, and `make shell-N` opens Django's shell with what one says.
"""

import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook.refusal import Refusal
from workbook.run.variables import outside_a_run
from workbook.stages import ROOT, Stage


@dataclass(frozen=True)
class Note:
    """One `make stage-N` that runs. `env`: the variables it gave to its processes."""

    # "stage-1", "school-1", "work-1-2" for a learner's copy; "stage-1-8101" for a second
    # run, on port 8101.
    name: str
    number: int
    env: dict[str, str]

    def ports(self) -> set[int]:
        names = ("PORT", "SMTP_PORT", "MAIL_UI_PORT", "ROOM_PORT")
        return {int(self.env[name]) for name in names if name in self.env}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.env['PORT']}"


def is_a_launcher(pid: int) -> bool:
    """Whether process `pid` is one of ours; numbers are used again by others."""
    words = ["ps", "-o", "command=", "-p", str(pid)]
    command = subprocess.run(words, capture_output=True, text=True, check=False).stdout
    return "workbook stage" in command or "workbook build run" in command


def read_note(path: Path) -> Note | None:
    """Return the note in run.json; None when its stage does not run any more."""
    try:
        run = json.loads(path.read_text())
        name = path.parent.name
        note = Note(name, int(name.split("-")[1]), run["env"])
        return note if is_a_launcher(run["pid"]) else None
    except (OSError, ValueError, KeyError, IndexError, TypeError):
        return None


def notes(root: Path = ROOT) -> list[Note]:
    """Return the notes of all that runs."""
    found = [read_note(path) for path in sorted((root / "var").glob("*-*/run.json"))]
    return [note for note in found if note]


def running_env(stage: Stage) -> dict[str, str]:
    """Return the environment of the running stage; Refusal when it does not run."""
    note = read_note(ROOT / "var" / f"stage-{stage.number}" / "run.json")
    if note is None:
        raise Refusal(
            f"Stage {stage.number} does not run: start it with `make stage-{stage.number}` "
            "in another terminal."
        )
    return {**outside_a_run(), **note.env}


def open_shell(stage: Stage) -> int:
    """Open the shell; return its exit status."""
    env = running_env(stage)
    return subprocess.run(
        [sys.executable, "manage.py", "shell"], cwd=stage.folder, env=env, check=False
    ).returncode
