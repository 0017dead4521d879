"""/accounts/: Django's own log-in and log-out; with debug on, one click does it."""

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from .views import OneClick

urlpatterns = [
    path("login/", LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("one-click/", OneClick.as_view(), name="one-click"),
    path("logout/", LogoutView.as_view(), name="logout"),
]
