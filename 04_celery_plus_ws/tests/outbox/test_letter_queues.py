"""Which queue a letter waits in."""

import pytest
from celery import current_app

from exports.tasks import email_student_report
from feedback.tasks import email_feedback


@pytest.mark.parametrize(
    ("task", "queue"), [(email_student_report, "slow"), (email_feedback, "default")]
)
def test_feedback_does_not_wait_behind_a_report(task, queue):
    assert current_app.amqp.router.route({}, task.name)["queue"].name == queue
