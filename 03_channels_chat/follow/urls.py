"""/follow/"""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.follow, name="follow"),
    path("ring/", views.ring, name="ring"),
]
