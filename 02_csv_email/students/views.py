"""The students' API."""

from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.response import Response

from queueing.links import task_link
from queueing.sending import send
from reports.tasks import write_age_report

from .models import Student
from .serializers import AgeRangeSerializer, StudentSerializer


class StudentViewSet(viewsets.ReadOnlyModelViewSet):
    """The school's students, youngest first."""

    queryset = Student.objects.all()
    serializer_class = StudentSerializer

    @action(detail=False, methods=["post"], url_path="by-age")
    def by_age(self, request):
        """Start the report of students by age; answer at once with the task's id.

        POST and not GET: it starts something. A browser, a proxy or a crawler may
        repeat a GET whenever it likes.
        """
        ages = AgeRangeSerializer(data=request.data)
        ages.is_valid(raise_exception=True)
        sent = send(write_age_report, **ages.validated_data)
        return Response(task_link(sent), status=status.HTTP_202_ACCEPTED)
