"""/letters/"""

from django.urls import path

from . import views

urlpatterns = [
    path("", views.letters, name="letters"),
    path("<uuid:letter_id>/send/", views.send_anew, name="letter-send"),
]
