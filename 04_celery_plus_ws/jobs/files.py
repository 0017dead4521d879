"""Where the reports lie, and which of them are rubbish.

Each attempt writes a file of its own, so two attempts never write into one.
"""

from contextlib import suppress
from pathlib import Path

from django.conf import settings

from .models import LIVE, Job, State


def folder() -> Path:
    return settings.DATA_DIR / "jobs"


def path_of(job: Job) -> Path:
    """Return where the present attempt of this job puts its report."""
    return folder() / f"{job.pk}-{job.attempt}.csv"


def sweep() -> int:
    """Delete what dead attempts left behind; return how many files that were.

    A file is kept while its attempt may still need it: the job is running with this
    very attempt, or has succeeded with this very file.
    """
    swept = 0
    files = sorted(folder().glob("*-*.*"))  # before the jobs: no new file is judged
    ids = {file.stem.rpartition("-")[0] for file in files}
    jobs = {str(job.pk): job for job in Job.objects.filter(pk__in=ids)}
    for file in files:
        id, _, attempt = file.stem.rpartition("-")
        job = jobs.get(id)
        if job and job.state in LIVE and int(attempt) == job.attempt:
            continue
        if job and job.state == State.SUCCEEDED and file.name == job.file:
            continue
        with suppress(OSError):
            file.unlink()
            swept += 1
    return swept
