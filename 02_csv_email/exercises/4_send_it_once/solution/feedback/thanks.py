"""A word of thanks to whoever sent feedback."""

from django.core.mail import EmailMessage

from outbox.mail_server import TryLater, hand_over
from outbox.models import Letter

State = Letter.State


def compose(letter) -> EmailMessage:
    return EmailMessage("Thank you", "We have read it.\n", to=[letter.address])


def thank_once(letter_id) -> bool:
    """Send the thanks unless somebody does or did already; return whether we sent it.

    Raises TryLater when the mail server is down: then a later call sends it.
    """
    mine = Letter.objects.filter(pk=letter_id, state=State.WAITING)
    if not mine.update(state=State.SENDING):
        return False
    try:
        hand_over(compose(Letter.objects.get(pk=letter_id)))
    except TryLater:
        Letter.objects.filter(pk=letter_id).update(state=State.WAITING)
        raise
    Letter.objects.filter(pk=letter_id).update(state=State.SENT)
    return True
