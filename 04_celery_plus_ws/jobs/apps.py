"""The jobs app: what must listen from the start."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "jobs"

    def ready(self):
        from .working import pools  # noqa: F401 - importing connects its signal
