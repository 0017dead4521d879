"""The report: started by a POST, and looked at when it is finished."""

from django.conf import settings
from django.http import FileResponse, JsonResponse
from django.views.decorators.http import require_safe
from rest_framework.decorators import api_view
from rest_framework.response import Response

from queueing.links import task_link
from queueing.sending import send

from .age_report import FILE_NAME
from .serializers import AgeRangeSerializer
from .tasks import write_age_report


@api_view(["POST"])
def by_age(request):
    """Start the report of students by age; answer at once with the task's id.

    POST and not GET: it starts something. A browser, a proxy or a crawler may
    repeat a GET whenever it likes.
    """
    ages = AgeRangeSerializer(data=request.data)
    ages.is_valid(raise_exception=True)
    sent = send(write_age_report, **ages.validated_data)
    return Response(task_link(sent), status=202)


by_age.cls.serializer_class = AgeRangeSerializer  # the form of its page to browse


@require_safe
def age_report_file(request):
    """The report as plain text; 404 with the reason until one has been written."""
    try:
        file = (settings.DATA_DIR / "reports" / FILE_NAME).open("rb")
    except FileNotFoundError:
        return JsonResponse({"detail": "No report has been written yet."}, status=404)
    return FileResponse(file, content_type="text/plain; charset=utf-8")
