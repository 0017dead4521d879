"""`make shell-N`: Django's shell in the environment of the running stage."""

import subprocess
import sys

from workbook.refusal import Refusal
from workbook.run.notes import read_note
from workbook.run.variables import outside_a_run
from workbook.stages import ROOT, Stage


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
