"""GET /healthz."""

import pytest
from django.db import DatabaseError
from django.test import Client

from queueing import sending

pytestmark = pytest.mark.django_db
PLACES = {"broker": "queueing.sending.check_broker", "database": "config.health.connection"}


@pytest.fixture(autouse=True)
def only_the_two(settings):
    """No later stage's check: it would want its server."""
    settings.HEALTH_CHECKS = {name: settings.HEALTH_CHECKS[name] for name in PLACES}


def test_all_is_well(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})


class Refusing:
    """A server that refuses, whatever is asked of it."""

    def __init__(self, error):
        self.error = error

    def cursor(self):
        raise self.error

    __call__ = cursor


@pytest.fixture(params=[sending.BrokerDown, DatabaseError])
def down(request, monkeypatch):
    """The name of the one that is down."""
    name = "broker" if request.param is sending.BrokerDown else "database"
    refusing = Refusing(request.param("127.0.0.1:6379 refused"))
    monkeypatch.setattr(PLACES[name], refusing)
    return name


@pytest.mark.parametrize(
    ("debug", "words"), [(True, "down: 127.0.0.1:6379 refused"), (False, "down")]
)
def test_what_is_down_is_named_and_its_address_with_debug_alone(
    client, settings, down, debug, words
):
    settings.DEBUG = debug
    answer = client.get("/healthz")
    assert answer.status_code == 503
    states = answer.json()
    assert states.pop(down) == words
    assert set(states.values()) == {"ok"}


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "10.0.0.7", "another.example", "?"])
def test_a_probe_may_call_by_any_name_and_without_https(settings, host):
    settings.ALLOWED_HOSTS = ["school.example"]
    settings.SECURE_SSL_REDIRECT = True
    assert Client(headers={"host": host}).get("/healthz").status_code == 200
