"""A person, a school and a job; news goes to a layer in memory."""

import pytest
from channels.testing import WebsocketCommunicator
from django.conf import settings as django_settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.test import Client

from config.asgi import application
from jobs import bridge, tasks
from jobs.models import Job, in_seconds
from students.models import Student

PATIENCE = 20  # seconds; the communicator's own second is too short on a busy machine


@pytest.fixture(autouse=True)
def memory_layer(settings):
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    }


@pytest.fixture(autouse=True)
def commits_at_once(request, monkeypatch):
    """A test's own transaction never ends: what waits for its end is done at once.

    Nor may its connection be closed.
    """
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())
        monkeypatch.setattr(tasks, "close_old_connections", lambda: None)


@pytest.fixture
def told(monkeypatch):
    """A list of what was sent to the watchers, as (group, event)."""
    sent = []
    monkeypatch.setattr(bridge, "tell", lambda group, event: sent.append((group, event)))
    return sent


@pytest.fixture
def ana(db):
    return get_user_model().objects.create_user("ana")


@pytest.fixture
def bruno(db):
    return get_user_model().objects.create_user("bruno")


@pytest.fixture
def teacher(db):
    return get_user_model().objects.create_user("teacher", is_staff=True)


@pytest.fixture
def school(db):
    for name, age in (("Pedro", 14), ("Ana", 15), ("Rui", 15)):
        Student.objects.create(name=name, age=age)


@pytest.fixture
def job(ana):
    return Job.objects.create(owner=ana, total=100, due=in_seconds(60))


class Socket(WebsocketCommunicator):
    """The client of one socket."""

    async def connect(self):
        return await super().connect(PATIENCE)

    async def disconnect(self):
        await super().disconnect(timeout=PATIENCE)


@pytest.fixture
def socket_of():
    def socket(path, user=None):
        headers = [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1")]
        if user:
            client = Client()
            client.force_login(user)
            key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
            headers.append((b"cookie", f"sessionid={key}".encode()))
        return Socket(application, path, headers=headers)

    return socket
