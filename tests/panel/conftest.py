"""One mail service a module, and its inbox, emptied before each test."""

import pytest

from tests.mail_service import MailService


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = MailService(tmp_path_factory.mktemp("mail"))
    yield running
    status, out, errors = running.stop()
    assert (status, out, errors) == (0, "", "")


@pytest.fixture
def inbox(service):
    """The running service with an empty inbox."""
    service.web.delete("/api/messages")
    return service


@pytest.fixture
def page_of(inbox):
    """A function that gives the page of a message."""
    return lambda mail: inbox.web.get(f"/messages/{mail['id']}").raise_for_status().text
