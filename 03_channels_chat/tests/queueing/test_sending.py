"""One name for every way a broker can be down."""

import pytest
from celery.backends.asynchronous import E_RETRY_LIMIT_EXCEEDED
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from queueing import sending
from reports.tasks import write_age_report


@pytest.mark.parametrize(
    "error",
    [
        OperationalError("refused"),
        RedisConnectionError("refused"),
        RuntimeError(f"\n{sending.GIVEN_UP}\nbackend. refused"),
    ],
)
def test_every_error_of_a_broker_that_is_down_has_one_name(error):
    with pytest.raises(sending.BrokerDown, match="refused"), sending.broker_errors():
        raise error


@pytest.mark.parametrize(
    "error", [KeyError("age"), RuntimeError("a bug"), FileNotFoundError("report.csv")]
)
def test_an_error_of_our_own_keeps_its_name(error):
    with pytest.raises(type(error)), sending.broker_errors():
        raise error


def test_the_words_by_which_celery_gives_up_are_still_these():
    assert sending.GIVEN_UP in " ".join(E_RETRY_LIMIT_EXCEEDED.split())


def test_what_is_sent_can_be_found_by_its_id():
    first, second = sending.send(write_age_report), sending.send(write_age_report)
    assert first.id != second.id
