"""Logging out closes the sockets that the user has open."""

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from .bridge import tell, user_group


@receiver(user_logged_out)
def close_sockets(sender, user, **_):
    if user is not None:
        tell(user_group(user.pk), {"type": "user.left"})
