"""Where the reports lie, and which of them are rubbish.

Each attempt writes a file of its own, so two attempts never write into one.
"""

import re
import time
from contextlib import suppress
from pathlib import Path

from django.conf import settings

from ..models import LIVE, Job, State

AT_ONCE = 500  # jobs that one query asks for
NAME = re.compile(r"(?P<id>[0-9a-f-]{36})-(?P<attempt>[0-9]{1,5})\.(csv|part)")


def folder() -> Path:
    return settings.DATA_DIR / "jobs"


def path_of(job: Job) -> Path:
    """Return where the present attempt of this job puts its report."""
    return folder() / f"{job.pk}-{job.attempt}.csv"


def sweep() -> int:
    """Delete what is rubbish; return how many files that were.

    A file is kept while its attempt may still need it: the job is live with this very
    attempt, or has succeeded with this very file, not too long ago. What has another
    name than ours is not ours.
    """
    names = sorted(path.name for path in folder().glob("*"))  # read before the jobs
    ours = [found for found in map(NAME.fullmatch, names) if found]
    parts = [ours[at : at + AT_ONCE] for at in range(0, len(ours), AT_ONCE)]
    return sum(_sweep(part) for part in parts)


def _sweep(names: list[re.Match]) -> int:
    jobs = Job.objects.filter(pk__in={name["id"] for name in names})
    known = {str(job.pk): job for job in jobs.only("state", "attempt", "file")}
    swept = 0
    for name in names:
        path = folder() / name.string
        with suppress(OSError):  # somebody else has swept it
            if not _is_needed(name, known.get(name["id"]), path):
                path.unlink()
                swept += 1
    return swept


def _is_needed(name: re.Match, job: Job | None, path: Path) -> bool:
    if job is None:
        return False
    if job.state in LIVE:
        return int(name["attempt"]) == job.attempt
    young = time.time() - path.stat().st_mtime < settings.JOB_FILE_AGE
    return job.state == State.SUCCEEDED and job.file == name.string and young
