"""The students' report: downloaded in the request, or mailed by a worker."""

from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from django.views.decorators.vary import vary_on_headers

from answers.body import BadBody, fields_of
from answers.page_or_json import wants_page
from outbox.models import Letter
from outbox.posting import post
from queueing.sending import BrokerDown
from reports.csv_export import FILE_NAME, csv_pieces, json_pieces, student_rows

from .forms import EmailReportForm
from .streaming import streamed
from .tasks import email_student_report

FORMATS = {"json": "application/json", "csv": "text/csv; charset=utf-8"}
ACCEPTED = {"application/json": "json", "text/csv": "csv", FORMATS["csv"]: "csv"}


def wanted_format(request) -> str | None:
    """Return "json" or "csv"; None for anything else. The address wins over Accept."""
    if "format" in request.GET:
        name = request.GET["format"].lower()
        return name if name in FORMATS else None
    return ACCEPTED.get(request.get_preferred_type(list(ACCEPTED)))


@require_safe
@vary_on_headers("Accept")
def students(request):
    """All students by age as JSON or CSV; 406 naming the two for any other format."""
    name = wanted_format(request)
    if name is None:
        detail = "This report comes as json or csv: say ?format=json or ?format=csv."
        return JsonResponse({"detail": detail, "formats": list(FORMATS)}, status=406)
    rows = student_rows() if request.method == "GET" else iter(())  # HEAD: no body
    if name == "json":
        return streamed(request, json_pieces(rows), content_type=FORMATS[name])
    headers = {"Content-Disposition": f'attachment; filename="{FILE_NAME}"'}
    return streamed(request, csv_pieces(rows), content_type=FORMATS[name], headers=headers)


def form_of(request) -> EmailReportForm:
    """The form, filled with what was sent; empty when that cannot be read."""
    try:
        email = fields_of(request).get("email")
    except BadBody:
        email = None
    return EmailReportForm({"email": email if isinstance(email, str) else ""})


# No CSRF token is asked for. The token keeps another site from acting with a visitor's
# session. This view does the same for everybody, logged in or not: whoever forges the
# request could as well send it himself.
@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def email(request):
    """Mail the report. A form is sent on to a page (303), a JSON client gets 202."""
    if request.method != "POST":
        return render(request, "exports/email.html", {"form": EmailReportForm()})
    form = form_of(request)
    if not form.is_valid():
        return refuse(request, form, status=400)
    try:
        letter = post(email_student_report, form.cleaned_data["email"])
    except BrokerDown:
        form.add_error(None, "The task queue does not answer, so nothing was sent.")
        return refuse(request, form, status=503)
    page = reverse("students-email-sent", args=[letter.pk])
    if not wants_page(request, otherwise=True):
        status_url = reverse("task-status", args=[letter.pk])  # its task has its id
        answer = {"task_id": letter.pk, "status_url": status_url, "letter_url": page}
        return JsonResponse(answer, status=202)
    return HttpResponseRedirect(page, status=303)


def refuse(request, form, status: int):
    """The form again with what is wrong with it, or the same as JSON."""
    if not wants_page(request, otherwise=True):
        reasons = [error for errors in form.errors.values() for error in errors]
        answer = {"detail": " ".join(reasons), "errors": form.errors}
        return JsonResponse(answer, status=status)
    return render(request, "exports/email.html", {"form": form}, status=status)


@require_safe
def on_its_way(request, letter_id):
    """What has become of a letter. Only who asked for it knows this address."""
    letter = get_object_or_404(Letter, pk=letter_id)
    return render(request, "exports/on_its_way.html", {"letter": letter})
