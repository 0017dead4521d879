"""python manage.py seed_users"""

from django.conf import settings
from django.core.management.base import BaseCommand

from accounts.classroom import seed_users


class Command(BaseCommand):
    help = "Add the classroom's users, with debug on only. Safe to repeat."
    requires_system_checks = ()  # migrate, just before, has run them

    def handle(self, *args, **options):
        if not settings.DEBUG:
            self.stdout.write("DJANGO_DEBUG is off: no classroom users were added.")
            return
        added = seed_users()
        self.stdout.write(
            f"{added} users added." if added else "The classroom has its users."
        )
