"""celery-progress's own view, served by the stage's Django: what its pages poll."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

from django.conf import settings
from django.core.asgi import get_asgi_application
from django.urls import include, path

settings.ROOT_URLCONF = "benchmarks.parts.polled"
urlpatterns = [path("celery-progress/", include("celery_progress.urls"))]
application = get_asgi_application()
