"""How a process looks at the rows of all the jobs that it watches."""

from channels.db import database_sync_to_async
from django.db.models import BooleanField, ExpressionWrapper, F, Q
from django.db.models.functions import Now

from .. import rescue
from ..models import LIVE, Job, JobLog

AT_ONCE = 500  # jobs that one query asks for
OVERDUE = ExpressionWrapper(Q(state__in=LIVE, due__lte=Now()), output_field=BooleanField())


# Each of these gives its database connection back, and takes a new one when the old one
# has broken: a bare query in a loop would fail for ever after that.
@database_sync_to_async
def look_at(ids) -> list[Job]:
    """Return those jobs, with `line_count` (of their logs) and `overdue`."""
    jobs = Job.objects.annotate(line_count=F("log__lines"), overdue=OVERDUE)
    parts = [ids[at : at + AT_ONCE] for at in range(0, len(ids), AT_ONCE)]
    return [job for part in parts for job in jobs.filter(pk__in=part)]


read_lines = database_sync_to_async(JobLog.objects.frames)


# In a thread of its own: a broker that hangs must not hold up the sockets' reads.
rescue_them = database_sync_to_async(rescue.rescue_all, thread_sensitive=False)
