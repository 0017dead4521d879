"""/certificates/"""

from django.urls import path

from . import views

urlpatterns = [
    path("twice/", views.twice, name="certificates-twice"),
    path("<int:student_id>/", views.counts, name="certificate-counts"),
]
