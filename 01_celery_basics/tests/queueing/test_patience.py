"""The settings of patience reach Celery, for Redis and for RabbitMQ."""

import pytest
from celery import Celery, current_app
from celery.signals import celeryd_init
from kombu.exceptions import OperationalError

from queueing.patience import settings_for


def test_the_project_takes_all_of_them():
    for name, value in settings_for("memory://").items():
        assert getattr(current_app.conf, name.removeprefix("CELERY_").lower()) == value


@pytest.mark.parametrize(
    ("url", "option"),
    [("redis://127.0.0.1/1", "socket_timeout"), ("amqp://127.0.0.1", "confirm_publish")],
)
def test_each_broker_has_the_options_of_its_client(url, option):
    assert option in settings_for(url)["CELERY_BROKER_TRANSPORT_OPTIONS"]


@pytest.mark.parametrize("worker", [True, False])
def test_a_worker_asks_for_half_a_minute_and_a_page_does_not(
    monkeypatch, unused_tcp_port, worker
):
    slept = []
    monkeypatch.setattr("kombu.utils.functional.sleep", slept.append)
    monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery looks there first
    app = Celery(broker=f"redis://127.0.0.1:{unused_tcp_port}/0", set_as_current=False)
    for name, value in settings_for("redis://").items():
        app.conf[name.removeprefix("CELERY_").lower()] = value
    if worker:
        celeryd_init.send(sender="worker", conf=app.conf)
    with pytest.raises(OperationalError):
        app.send_task("any.task", ignore_result=True)
    assert sum(second >= 1 for second in slept) == (30 if worker else 0)
