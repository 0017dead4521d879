"""Each task sent twice, as a broker may deliver it, and what came of it."""

from django.http import Http404
from django.shortcuts import get_object_or_404
from rest_framework.decorators import api_view
from rest_framework.response import Response

from queueing.links import task_link
from queueing.sending import send
from students.models import Student

from . import awards, tasks


@api_view(["POST"])
def twice(request):
    """Send both tasks twice for one student; answer with the four tasks."""
    student = awards.next_student()
    if student is None:
        raise Http404("The school has no students: run manage.py seed_school.")
    both = (tasks.award_certificate, tasks.print_certificate)
    sent = [task_link(send(task, student.id)) for task in both for _ in range(2)]
    return Response(
        {"student": student.id, "name": student.name, "tasks": sent}, status=202
    )


@api_view()
def counts(request, student_id):
    """How many certificates and how many printed sheets the student has."""
    student = get_object_or_404(Student, id=student_id)
    return Response(awards.counts(student.id))
