"""A word of thanks to whoever sent feedback."""

from django.core.mail import EmailMessage

from outbox.mail_server import TryLater, hand_over  # noqa: F401 - you need both
from outbox.models import Letter

State = Letter.State


def compose(letter) -> EmailMessage:
    return EmailMessage("Thank you", "We have read it.\n", to=[letter.address])


def thank_once(letter_id) -> bool:
    """Send the thanks unless somebody does or did already; return whether we sent it.

    Raises TryLater when the mail server is down: then a later call sends it.
    """
    letter = Letter.objects.get(pk=letter_id)
    if letter.state != State.WAITING:
        return False
    hand_over(compose(letter))
    letter.state = State.SENT
    letter.save()
    return True
