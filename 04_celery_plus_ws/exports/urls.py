"""/reports/students/"""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.students, name="students-report"),
    path("email/", views.email, name="students-email"),
    path("email/<uuid:letter_id>/", views.on_its_way, name="students-email-sent"),
]
