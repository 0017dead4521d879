"""A run whose release step was done before: a start costs a copy instead of migrations."""

import hashlib
import os
import sqlite3
from contextlib import closing
from pathlib import Path

from workbook.run.stage_run import StageRun
from workbook.stages import ROOT

KEPT = ROOT / "var" / "test" / "released"
# An environment that names one of these releases a stage of its own kind.
DECIDE = ("DATABASE_", "DJANGO_")


class Released(StageRun):
    """A StageRun that keeps its fresh database for the next one of the same code."""

    def _run_release(self):
        database, kept = self.state / "db.sqlite3", self._kept()
        if database.exists() or any(n.startswith(DECIDE) for n in self.services.overrides):
            super()._run_release()
        elif kept.exists():
            copy(kept, database)
        else:
            super()._run_release()
            copy(database, kept)

    def _kept(self) -> Path:
        """Where the database is kept: by what made it, and nothing else."""
        code = hashlib.sha256(str(self.release).encode())
        for path in sorted(self.stage.folder.rglob("*.py")):
            code.update(path.read_bytes())
        return KEPT / f"stage-{self.stage.number}-{code.hexdigest()[:16]}.sqlite3"


def copy(one: Path, other: Path):
    """Copy a database that others may read or write at the same time, all or nothing."""
    other.parent.mkdir(parents=True, exist_ok=True)
    part = other.with_suffix(f".{os.getpid()}")
    with closing(sqlite3.connect(one)) as source, closing(sqlite3.connect(part)) as target:
        source.backup(target)
    os.replace(part, other)
