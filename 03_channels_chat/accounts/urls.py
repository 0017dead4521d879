"""/accounts/: Django's own log-in and log-out."""

from django.conf import settings
from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from .classroom import PASSWORD, USERS


def classroom_hint():
    """Return what the log-in page may show, with debug on only: names and password."""
    return {"names": list(USERS), "password": PASSWORD} if settings.DEBUG else None


urlpatterns = [
    path(
        "login/",
        LoginView.as_view(
            redirect_authenticated_user=True, extra_context={"classroom": classroom_hint}
        ),
        name="login",
    ),
    path("logout/", LogoutView.as_view(), name="logout"),
]
