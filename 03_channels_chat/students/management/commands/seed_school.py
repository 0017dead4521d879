"""python manage.py seed_school"""

from django.core.management.base import BaseCommand

from students.school import seed_school


class Command(BaseCommand):
    help = "Fill an empty school with made-up students. Safe to repeat."
    requires_system_checks = ()  # migrate, just before, has run them

    def handle(self, *args, **options):
        added = seed_school()
        self.stdout.write(
            f"{added} students added." if added else "The school has its students."
        )
