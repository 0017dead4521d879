"""python manage.py rescue_jobs"""

from django.core.management.base import BaseCommand

from jobs.rescue import rescue_all
from jobs.tasks import send_job


class Command(BaseCommand):
    help = "Send silent jobs again, fail hopeless ones, sweep half-written files."

    def handle(self, *args, **options):
        self.stdout.write(f"Jobs mended: {rescue_all(send_job)}.")
