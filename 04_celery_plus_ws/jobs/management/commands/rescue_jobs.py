"""python manage.py rescue_jobs"""

from django.core.management.base import BaseCommand

from jobs.rescue import rescue_all
from jobs.tasks import publish
from jobs.working.files import sweep


class Command(BaseCommand):
    help = "Send silent jobs again, fail hopeless ones, sweep up files."

    def handle(self, *args, **options):
        self.stdout.write(f"Jobs mended: {rescue_all(publish)}.")
        self.stdout.write(f"Files swept: {sweep()}.")
