"""Tests of the bell. Run them: python manage.py test bell"""

from channels.routing import URLRouter
from channels.testing import WebsocketCommunicator
from django.test import SimpleTestCase
from django.urls import path

from bell.consumers import BellConsumer

app = URLRouter([path("<room>/", BellConsumer.as_asgi())])


async def enter(room):
    """Return a socket that is open in the room."""
    socket = WebsocketCommunicator(app, f"/{room}/")
    await socket.connect()
    return socket


class BellTest(SimpleTestCase):
    async def test_the_whole_room_hears_the_bell(self):
        self.fail("Write me.")

    async def test_anything_else_is_answered_by_an_error(self):
        self.fail("Write me.")
