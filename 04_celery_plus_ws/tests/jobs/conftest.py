"""A person, a school and a job; news goes to a layer in memory."""

import pytest
from django.contrib.auth import get_user_model
from django.db import transaction

from jobs import bridge
from jobs.models import Job, in_seconds
from students.models import Student


@pytest.fixture(autouse=True)
def memory_layer(settings):
    settings.CHANNEL_LAYERS = {
        "default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}
    }


@pytest.fixture(autouse=True)
def commits_at_once(request, monkeypatch):
    """A test's own transaction never ends: what waits for its end is done at once."""
    marker = request.node.get_closest_marker("django_db")
    if not (marker and marker.kwargs.get("transaction")):
        monkeypatch.setattr(transaction, "on_commit", lambda do, **_: do())


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
