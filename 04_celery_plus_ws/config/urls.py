"""Addresses of the stage."""

from django.urls import include, path

from reports.views import by_age

urlpatterns = [
    path("", include("jobs.urls")),
    path("api/students/by-age/", by_age, name="student-by-age"),
    path("api/", include("students.urls")),
    path("api/tasks/", include("queueing.urls")),
    path("attendance/", include("attendance.urls")),
    path("reports/students/", include("exports.urls")),
    path("reports/", include("reports.urls")),
    path("feedback/", include("feedback.urls")),
    path("letters/", include("outbox.urls")),
    path("accounts/", include("accounts.urls")),
    path("chat/", include("chat.urls")),
    path("follow/", include("follow.urls")),
]
