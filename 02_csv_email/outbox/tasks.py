"""The relay, by the clock and when a worker starts."""

from contextlib import suppress

from celery import shared_task
from celery.signals import worker_ready

from queueing.sending import BrokerDown, send

from . import relay


@shared_task(ignore_result=True)
def relay_letters():
    """Look after the letters that nobody else does. Safe to repeat."""
    relay.doubt_the_silent()
    relay.send_what_waits()


@worker_ready.connect
def look_at_once(**_):
    """A worker that starts after a breakdown does not wait for the clock."""
    with suppress(BrokerDown):
        send(relay_letters)
