"""/slow/"""

from django.urls import path

from . import views

urlpatterns = [
    path("blocking/", views.blocking, name="slow-blocking"),
    path("task/", views.task, name="slow-task"),
    path("retry/", views.retry, name="slow-retry"),
    path("limit/", views.limit, name="slow-limit"),
    path("crowd/", views.crowd, name="slow-crowd"),
]
