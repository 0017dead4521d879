"""Stage 4: a job's sockets end with their user's log-in, and with the staff flag."""

import time
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from tests.job_clients import log_in, open_socket, start_job

LIMIT = 10  # seconds
ENDINGS = {"logout": 4401, "password": 4401, "inactive": 4401, "expired": 4401}
MAKE_USERS = """
from django.contrib.auth import get_user_model
for name in ("logout", "password", "inactive", "expired", "stays", "flag"):
    get_user_model().objects.create_user(
        name, password="classroom", is_staff=name == "flag"
    )
"""
END_FOUR = """
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone
users = get_user_model().objects
user = users.get(username="password")
user.set_password("another")
user.save()
users.filter(username="inactive").update(is_active=False)
users.filter(username="flag").update(is_staff=False)
number = str(users.get(username="expired").pk)
for row in Session.objects.all():
    if row.get_decoded().get("_auth_user_id") == number:
        row.expire_date = timezone.now()
        row.save()
"""


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(4, only=("web",))  # nobody works: the jobs only wait


def closed_with(socket, within: float) -> int | None:
    """Return the code with which the server closes; None when it does not in time."""
    deadline = time.monotonic() + within
    try:
        while True:
            socket.recv(max(deadline - time.monotonic(), 0.01))
    except ConnectionClosed:
        return socket.close_code
    except TimeoutError:
        return None


def test_the_sockets_of_a_job_end_with_the_log_in_and_the_staff_flag(run):
    assert run.manage("shell", "-c", MAKE_USERS).returncode == 0
    clients = {name: log_in(run, name) for name in (*ENDINGS, "stays", "flag")}
    jobs = {name: start_job(client, 5) for name, client in clients.items()}
    jobs["flag"] = jobs["stays"]  # somebody else's
    with ExitStack() as stack:
        sockets = {
            name: stack.enter_context(open_socket(run, jobs[name]["socket_url"], client))
            for name, client in clients.items()
        }
        page = stack.enter_context(open_socket(run, "/ws/jobs/", clients["logout"]))
        for socket in sockets.values():
            socket.recv(20)
        assert run.manage("shell", "-c", END_FOUR).returncode == 0
        clients["logout"].post("/accounts/logout/")
        since = time.monotonic()
        codes = {
            name: closed_with(socket, since + LIMIT - time.monotonic())
            for name, socket in sockets.items()
            if name != "stays"
        }
        assert closed_with(page, 1) == 4401
        print(f"All closed after {time.monotonic() - since:.1f} s.")
        assert codes == {**ENDINGS, "flag": 4404}
        assert closed_with(sockets["stays"], 0.1) is None
