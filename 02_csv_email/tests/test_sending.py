"""One name for every way a broker can be down."""

import pytest
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from queueing import sending
from reports.tasks import write_age_report


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("refused"),
        RedisConnectionError("refused"),
        ConnectionRefusedError("refused"),
        RuntimeError("Retry limit exceeded: refused"),
    ],
)
def test_every_error_of_a_broker_that_is_down_has_one_name(error):
    with pytest.raises(sending.BrokerDown, match="refused"), sending.broker_errors():
        raise error


def test_an_error_of_our_own_keeps_its_name():
    with pytest.raises(KeyError), sending.broker_errors():
        raise KeyError("age")


def test_what_is_sent_can_be_found_by_its_id():
    first, second = sending.send(write_age_report), sending.send(write_age_report)
    assert first.id != second.id
