"""What every template may show about accounts."""

from django.conf import settings

from .classroom import PASSWORD, USERS


def classroom(request):
    """Return names and password of the classroom's users, with debug on only."""
    known = {"names": list(USERS), "password": PASSWORD} if settings.DEBUG else None
    return {"classroom": known}
