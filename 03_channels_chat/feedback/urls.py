"""/feedback/"""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.offloaded, name="feedback"),
    path("blocking/", views.blocking, name="feedback-blocking"),
    path("success/", views.success, name="feedback-success"),
]
