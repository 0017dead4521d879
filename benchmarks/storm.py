"""1,000 sockets on 30 jobs, while Redis, the jobs' worker and the web break together.

`make test` does the same with fewer. Here no figure is of interest, only that every job
ends once, every file is whole, and every socket that came back knows the end.
"""

import asyncio
import json
import tempfile
import time
from collections import Counter
from contextlib import ExitStack
from pathlib import Path

from benchmarks.parts.sockets import allow_many
from tests.job_clients import log_in
from tests.job_storm import storm
from workbook.run.stage_run import StageRun
from workbook.stages import stage

SOCKETS, JOBS = 1_000, 30
ONLY = ("web", "worker", "jobworker", "beat")


def run(folder: Path, sockets=SOCKETS, jobs=JOBS) -> dict[str, bool]:
    allow_many(sockets)
    with ExitStack() as stack:
        state = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        stage_run = stack.enter_context(StageRun(stage(4), state, only=ONLY))
        began = time.monotonic()
        after = asyncio.run(storm(stage_run, log_in(stage_run, "ana"), sockets, jobs))
        seconds = time.monotonic() - began
        faults = after.faults(stage_run)
    figures = {
        "seconds": seconds,
        "came back": after.came_back,
        "attempts": Counter(one.snapshots[-1]["attempt"] for one in after.sockets),
        "faults": faults,
    }
    print(json.dumps(figures, indent=2))
    (folder / "figures.json").write_text(json.dumps(figures, indent=2))
    return {
        f"{len(after.sockets):,} sockets of {jobs} jobs: none is without its end, "
        "every file is whole": not faults,
        f"{after.came_back:,} of them came back": after.came_back > sockets // 2,
    }
