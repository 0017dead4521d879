"""Tasks about reports: thin shells that call the plain functions."""

from celery import shared_task
from django.conf import settings

from . import age_report


@shared_task
def write_age_report(min_age=0, max_age=150):
    """Write the report; return its file name and how many students are in it.

    Running it twice is safe: the second file replaces the first.
    """
    path = settings.DATA_DIR / "reports" / age_report.FILE_NAME
    count = age_report.write_report(path, min_age, max_age)
    return {"file": path.name, "students": count}
