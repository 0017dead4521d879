"""/slow/"""

from django.urls import path

from . import views

urlpatterns = [
    path("blocking/", views.blocking, name="slow-blocking"),
    path("task/", views.task, name="slow-task"),
]
