"""What every template may show."""

from django.conf import settings


def stage(request):
    """Return what the header shows: which stage, whose copy; and the school's clock."""
    return {
        "STAGE": settings.STAGE,
        "COPY": settings.COPY,
        "ROOM_URL": settings.ROOM_URL,
        "ZONE": settings.TIME_ZONE,
    }
