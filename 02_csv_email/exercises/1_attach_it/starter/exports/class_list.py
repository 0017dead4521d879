"""The list of a class, by e-mail."""

import csv
import io

from django.core.mail import EmailMessage


def csv_of(names) -> bytes:
    """Return a CSV file with one column. Nothing to change here."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["name"])
    writer.writerows([name] for name in names)
    return text.getvalue().encode()


def compose(address, names) -> EmailMessage:
    """Return the mail to `address` with `class-list.csv` attached."""
    message = EmailMessage(
        subject="Class list", body="The list of your class is attached.\n", to=[address]
    )
    # Your line goes here.
    return message
