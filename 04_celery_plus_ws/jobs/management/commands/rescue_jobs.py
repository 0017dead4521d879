"""python manage.py rescue_jobs"""

from django.core.management.base import BaseCommand

from jobs.files import sweep
from jobs.rescue import rescue_all
from jobs.tasks import publish


class Command(BaseCommand):
    help = "Send silent jobs again, fail hopeless ones, sweep up files."

    def handle(self, *args, **options):
        self.stdout.write(f"Jobs mended: {rescue_all(publish)}.")
        self.stdout.write(f"Files swept: {sweep()}.")
