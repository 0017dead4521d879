"""The report as a task of Django's own framework."""

import signal

import pytest
from django.core.management import call_command

from labs.db_tasks import write_age_report
from reports.age_report import FILE_NAME
from students.models import Student

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def signals():
    """The worker takes the signals for itself; the tests want Ctrl-C back."""
    numbers = (signal.SIGINT, signal.SIGTERM, signal.SIGQUIT)
    before = [signal.getsignal(number) for number in numbers]
    yield
    for number, handler in zip(numbers, before, strict=True):
        signal.signal(number, handler)


def test_the_report_waits_in_the_database_until_a_worker_takes_it(data_dir):
    Student.objects.create(name="Pedro", age=14)
    sent = write_age_report.enqueue()
    assert sent.status == "READY"
    call_command("db_worker", batch=True, startup_delay=False, reload=False, verbosity=0)
    sent.refresh()
    assert sent.return_value == {"file": FILE_NAME, "students": 1}
    assert (data_dir / "reports" / FILE_NAME).read_text() == "Pedro, 14\n"
