"""The finished report, to look at."""

from django.conf import settings
from django.http import FileResponse, JsonResponse
from django.views.decorators.http import require_safe

from .age_report import FILE_NAME


@require_safe
def age_report_file(request):
    """The report as plain text; 404 with the reason until one has been written."""
    try:
        file = (settings.DATA_DIR / "reports" / FILE_NAME).open("rb")
    except FileNotFoundError:
        return JsonResponse({"detail": "No report has been written yet."}, status=404)
    return FileResponse(file, content_type="text/plain; charset=utf-8")
