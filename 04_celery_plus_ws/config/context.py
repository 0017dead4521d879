"""What every template may show."""

from django.conf import settings


def stage(request):
    """Return the number of this stage, for the page's heading."""
    return {"STAGE": settings.STAGE}
