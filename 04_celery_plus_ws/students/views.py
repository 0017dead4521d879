"""The students' API."""

from rest_framework import viewsets

from .models import Student
from .serializers import StudentSerializer


class StudentViewSet(viewsets.ReadOnlyModelViewSet):
    """The school's students, youngest first."""

    queryset = Student.objects.all()
    serializer_class = StudentSerializer
