"""/healthz and the channel layer."""

import pytest

from queueing.sending import BrokerDown
from sockets.health import check_layer


def test_a_layer_where_nobody_listens_is_down(settings, unused_tcp_port):
    settings.REDIS_URL = f"redis://127.0.0.1:{unused_tcp_port}/3"
    with pytest.raises(BrokerDown):
        check_layer()


@pytest.mark.django_db
def test_healthz_names_the_layer_where_it_is_a_server_of_its_own(
    client, settings, unused_tcp_port
):
    settings.REDIS_URL = f"redis://127.0.0.1:{unused_tcp_port}/3"
    settings.HEALTH_CHECKS = {"layer": "sockets.health.check_layer"}
    answer = client.get("/healthz")
    assert (answer.status_code, list(answer.json())) == (503, ["layer"])
