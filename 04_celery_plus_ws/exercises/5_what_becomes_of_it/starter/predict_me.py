"""Four jobs and what becomes of them. Read, predict, then check."""

from django.conf import settings
from django.contrib.auth import get_user_model

from jobs import progress
from jobs.models import Job
from jobs.tasks import run_job
from jobs.working import files

settings.JOB_REPORT_EVERY = 0  # seconds: report every row
ana = get_user_model().objects.create_user("ana")


def new_job():
    return Job.objects.create(owner=ana, total=20)


# 1. The broker delivers the same task twice.
twice = new_job()
run_job(str(twice.pk))
run_job(str(twice.pk))

# 2. Ana cancels a job that is still waiting; then a worker gets its task.
early = new_job()
progress.cancel(early.pk)
run_job(str(early.pk))

# 3. Ana cancels in the middle: her click comes at row 10.
middle = new_job()
honest = progress.Reporter.__call__


def click_at_row_10(reporter, done):
    if done == 10 and reporter.job.pk == middle.pk:
        progress.cancel(middle.pk)
    honest(reporter, done)


progress.Reporter.__call__ = click_at_row_10
run_job(str(middle.pk))

# 4. A worker has died; the job was given to another one. Then the first one wakes up.
lost = new_job()
first = progress.begin(lost.pk)
progress.requeue(progress.mine(first), "The worker went silent.")
second = progress.begin(lost.pk)
late_answer = progress.succeed(first, "from-the-first-worker.csv")

for job in (twice, early, middle, lost):
    job.refresh_from_db()
files_there = len(list(files.folder().glob("*")))
