"""The jobs over HTTP: start, list, look, cancel, download."""

import asyncio

from django.conf import settings
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.csrf import ensure_csrf_cookie
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.guard import not_logged_in, users_only
from answers.body import BadBody, fields_of
from answers.page_or_json import wants_page
from answers.refusals import refuse
from students.models import Student

from . import progress
from .admission import TooManyJobs, admit
from .forms import MOST_ROWS, JobForm
from .models import Job, State
from .tasks import send_job
from .working import files

LISTED = 50  # jobs
CHUNK = 64 * 1024  # bytes


def addresses(job: Job) -> dict:
    """Return where to look at the job, watch it and fetch its file."""
    return {
        "status_url": reverse("job", args=[job.pk]),
        "socket_url": f"/ws/jobs/{job.pk}/",
        "file_url": reverse("job-file", args=[job.pk]),
    }


def no_such_job() -> JsonResponse:
    """The same answer for a job of somebody else and for one that never was."""
    return refuse(404, "There is no such job.")


@ensure_csrf_cookie
@require_safe
def dashboard(request):
    """The page: the form, and the jobs that the user may see."""
    return page(request)


def page(request, reason="", status=200):
    """Return the dashboard, with the `reason` why a job was not started."""
    visible = Job.objects.none()
    if request.user.is_authenticated:
        visible = Job.objects.visible_to(request.user).select_related("owner", "log")
    jobs = [(job, addresses(job)) for job in visible[:LISTED]]
    context = {"jobs": jobs, "reason": reason}
    return render(request, "jobs/dashboard.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@users_only
def jobs(request):
    """GET: one's own jobs, the newest first. POST: start one."""
    if request.method == "POST":
        return start(request)
    visible = Job.objects.visible_to(request.user).select_related("owner")[:LISTED]
    return JsonResponse({"jobs": [listed(job) for job in visible]})


def listed(job: Job) -> dict:
    return {
        **job.snapshot(),
        **addresses(job),
        "cancel_url": reverse("job-cancel", args=[job.pk]),
        "owner": job.owner.get_username(),
        "created": job.created.isoformat(timespec="seconds"),
        "pause_ms": job.pause_ms,
    }


def turned_down(request, reason: str, status: int):
    """Answer why no job was started: on the page, or in JSON."""
    if wants_page(request, otherwise=False):
        return page(request, reason, status)
    return refuse(status, reason)


def start(request):
    """Make the row, send the task, and answer 202 without waiting for any worker."""
    try:
        form = JobForm(fields_of(request))
    except BadBody as error:
        return refuse(400, str(error))
    if not form.is_valid():
        return turned_down(request, form.reason(), 400)
    rows = form.cleaned_data["rows"] or min(Student.objects.count(), MOST_ROWS)
    if not rows:
        return refuse(400, "rows: The school has no students.")
    pause_ms = form.cleaned_data["pause_ms"] or 0
    try:
        job = admit(request.user, rows, pause_ms)
    except TooManyJobs as error:
        return turned_down(request, str(error), 429)
    send_job(job)
    if wants_page(request, otherwise=False):
        return page(request, status=202)
    return JsonResponse({"id": str(job.pk), **addresses(job)}, status=202)


@require_safe
@users_only
def job(request, job_id):
    """The job's snapshot."""
    job = Job.objects.visible_to(request.user).filter(pk=job_id).first()
    return JsonResponse(job.snapshot()) if job else no_such_job()


@require_POST
@users_only
def cancel(request, job_id):
    """Ask for the end of the job. The worker finds out at its next report."""
    if not Job.objects.visible_to(request.user).filter(pk=job_id).exists():
        return no_such_job()
    progress.cancel(job_id)
    job = Job.objects.get(pk=job_id)
    if job.state != State.CANCELLED:
        return refuse(409, f"The job has already ended: {job.state}.")
    if wants_page(request, otherwise=False):
        return page(request, status=202)
    return JsonResponse(job.snapshot(), status=202)


@require_safe
async def job_file(request, job_id):
    """The finished report, in flat memory; 409 until there is one."""
    user = await request.auser()
    if not user.is_authenticated:
        return not_logged_in(request)
    job = await Job.objects.visible_to(user).filter(pk=job_id).afirst()
    if job is None:
        return no_such_job()
    if job.state != State.SUCCEEDED:
        ending = "There is no file" if job.final else "The file is not ready"
        return refuse(409, f"{ending}: the job is {job.state}.")
    path = files.folder() / job.file
    if not path.exists():
        return refuse(410, "The file is no longer there: start the job again.")
    name = f"school-report-{job.total}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    kind = "text/csv; charset=utf-8"
    if settings.NGINX_SENDS_FILES:  # it reads this header and sends the file itself
        headers["X-Accel-Redirect"] = f"/finished/{path.name}"
        return HttpResponse(content_type=kind, headers=headers)
    headers["Content-Length"] = path.stat().st_size
    return StreamingHttpResponse(chunks_of(path), content_type=kind, headers=headers)


async def chunks_of(path):
    """Yield the file in chunks. An ordinary generator would be read whole under ASGI."""
    with await asyncio.to_thread(path.open, "rb") as file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


def csrf_refused(request, reason=""):
    """Explain a refused POST to whoever wrote the client."""
    detail = (
        f"CSRF check: {reason} Log in, then send the cookie csrftoken's value "
        "also as the header X-CSRFToken (or as the form field csrfmiddlewaretoken)."
    )
    return refuse(403, detail)
