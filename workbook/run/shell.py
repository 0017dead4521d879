"""`make shell-N`: Django's shell in the environment of the running stage."""

import os
import subprocess
import sys

from workbook.run.notes import read_note
from workbook.run.ports import Refusal
from workbook.stages import ROOT, Stage


def running_env(stage: Stage) -> dict[str, str]:
    """Return the environment of the running stage; Refusal when it does not run."""
    note = read_note(ROOT / "var" / f"stage-{stage.number}" / "run.json")
    if note is None:
        raise Refusal(
            f"Stage {stage.number} does not run: start it with `make stage-{stage.number}` "
            "in another terminal."
        )
    return {**os.environ, **note.env}


def open_shell(stage: Stage) -> int:
    """Open the shell; return its exit status."""
    env = running_env(stage)
    return subprocess.run(
        [sys.executable, "manage.py", "shell"], cwd=stage.folder, env=env, check=False
    ).returncode
