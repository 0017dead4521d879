"""The settings of patience reach Celery, for Redis and for RabbitMQ."""

import pytest
from celery import current_app

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
