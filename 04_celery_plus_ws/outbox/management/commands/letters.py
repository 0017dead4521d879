"""python manage.py letters [--send ID]"""

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from outbox import care
from outbox.models import Letter


def line(letter: Letter) -> str:
    since = f"{letter.changed:%Y-%m-%d %H:%M}"
    return f"{letter.pk}  {letter.state:<8}  {since}  {letter.address}  {letter.error}"


class Command(BaseCommand):
    help = "List the letters that wait, have failed or are in doubt; or send one again."

    def add_arguments(self, parser):
        parser.add_argument("--send", metavar="ID", help="send this letter again")

    def handle(self, *args, send, **options):
        if send is None:
            lines = [line(letter) for letter in care.unsent()]
            self.stdout.write("\n".join(lines) or "Every letter is sent.")
            return
        try:
            found = care.send_anew(send)
        except ValidationError:  # no id at all
            found = False
        if not found:
            raise CommandError(f"No letter {send} waits, has failed or is in doubt.")
        self.stdout.write("It is queued.")
