"""/chat/ and /follow/"""

from django.urls import path

from . import views

urlpatterns = [
    path("chat/", views.lobby, name="lobby"),
    path("chat/<path:room>/", views.room, name="room"),
    path("follow/", views.follow, name="follow"),
    path("follow/ring/", views.ring, name="ring"),
]
