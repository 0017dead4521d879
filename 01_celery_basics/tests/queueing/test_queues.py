"""Which queue a task goes to."""

import pytest
from celery import current_app

from archive.tasks import fetch_marks
from reports.tasks import write_age_report


@pytest.mark.parametrize(
    ("task", "queue"), [(fetch_marks, "slow"), (write_age_report, "default")]
)
def test_a_task_goes_to_the_queue_of_its_module(task, queue):
    route = current_app.amqp.router.route({}, task.name)
    assert route["queue"].name == queue
    assert route["queue"].routing_key == queue
