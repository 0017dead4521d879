"""/chat/, /steps/ and /follow/"""

from django.urls import path

from . import views

urlpatterns = [
    path("chat/", views.lobby, name="lobby"),
    path("chat/<path:room>/", views.room, name="room"),
    path("steps/", views.steps, name="steps"),
    path("follow/", views.follow, name="follow"),
    path("follow/ring/", views.ring, name="ring"),
]
