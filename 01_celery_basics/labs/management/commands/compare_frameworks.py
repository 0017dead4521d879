"""python manage.py compare_frameworks"""

from django.core.management.base import BaseCommand, CommandError

from labs import frameworks
from queueing.sending import BrokerDown


class Command(BaseCommand):
    help = "Write the report by Celery and by Django's own tasks, and compare."

    def handle(self, *args, **options):
        try:
            rows = [frameworks.with_celery(), frameworks.with_django()]
            ran = frameworks.after_a_rollback()
        except (frameworks.NoWorker, BrokerDown) as error:
            raise CommandError(str(error)) from error
        for row in rows:
            self.stdout.write(
                f"{row['framework']:<13} sent in {row['sent_ms']:>6} ms, "
                f"result {row['result']}"
            )
        self.stdout.write("\nSent inside a transaction that was rolled back:")
        for name, survived in ran.items():
            words = "ran all the same" if survived else "was rolled back with the rest"
            self.stdout.write(f"{name:<13} {words}")
