"""`make clean`: remove what runs left behind, unless one is running."""

import shutil
import sys
from pathlib import Path

from workbook.run.notes import notes
from workbook.stages import ROOT

LEFT_BEHIND = ("var", "0?_*/var", ".pytest_cache", ".ruff_cache")


def clean(root: Path = ROOT) -> int:
    """Remove it; return the exit status, 1 when a stage runs and nothing was removed."""
    if running := notes(root):
        names = ", ".join(note.name for note in running)
        print(f"{names} runs: stop it with Ctrl-C first. Nothing was removed.")
        return 1
    for pattern in LEFT_BEHIND:
        for folder in root.glob(pattern):
            shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(clean())
