"""What every template may show about mail."""

from django.conf import settings


def inbox(request):
    """Return the address of the local inbox; empty when there is none."""
    return {"INBOX_URL": settings.INBOX_URL}
