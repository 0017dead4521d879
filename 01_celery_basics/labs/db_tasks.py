"""The report as a task of Django's own framework, whose queue is in the database."""

from django.conf import settings
from django_tasks import task

from reports import age_report


@task
def write_age_report(min_age=0, max_age=150):
    """Write the report; the same plain function as in reports.tasks, another shell."""
    path = settings.DATA_DIR / "reports" / age_report.FILE_NAME
    count = age_report.write_report(path, min_age, max_age)
    return {"file": path.name, "students": count}
