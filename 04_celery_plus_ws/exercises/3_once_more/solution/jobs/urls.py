"""/ and /jobs/"""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.dashboard, name="home"),
    path("jobs/", views.jobs, name="jobs"),
    path("jobs/<uuid:job_id>/", views.job, name="job"),
    path("jobs/<uuid:job_id>/cancel/", views.cancel, name="job-cancel"),
    path("jobs/<uuid:job_id>/again/", views.again, name="job-again"),
    path("jobs/<uuid:job_id>/file/", views.job_file, name="job-file"),
]
