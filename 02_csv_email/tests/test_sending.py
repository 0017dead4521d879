"""Which queue a task goes to, and one name for every way a broker can be down."""

import pytest
from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import ConnectionError as RedisConnectionError

from archive.tasks import fetch_marks
from queueing import sending
from reports.tasks import write_age_report


@pytest.mark.parametrize(
    ("task", "queue"), [(fetch_marks, "slow"), (write_age_report, "default")]
)
def test_a_task_goes_to_the_queue_of_its_module(task, queue):
    route = current_app.amqp.router.route({}, task.name)
    assert route["queue"].name == queue
    assert route["queue"].routing_key == queue


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
    first, second = sending.send(fetch_marks, 1), sending.send(fetch_marks, 1)
    assert first.id != second.id
