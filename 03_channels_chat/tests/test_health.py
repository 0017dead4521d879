"""GET /healthz."""

import pytest
from django.db import DatabaseError

from config import health
from queueing.sending import BrokerDown

pytestmark = pytest.mark.django_db


def test_all_is_well(client):
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()) == (200, {"database": "ok", "broker": "ok"})


def fail_with(error):
    def fail(*args, **kwargs):
        raise error

    return fail


@pytest.mark.parametrize(
    ("place", "error", "down"),
    [
        ("check_broker", BrokerDown("refused"), "broker"),
        ("connection.cursor", DatabaseError("refused"), "database"),
    ],
)
def test_what_is_down_is_named(client, monkeypatch, place, error, down):
    holder, _, name = place.rpartition(".")
    monkeypatch.setattr(
        getattr(health, holder) if holder else health, name, fail_with(error)
    )
    answer = client.get("/healthz")
    assert answer.status_code == 503
    states = answer.json()
    assert states.pop(down) == "down: refused"
    assert set(states.values()) == {"ok"}
