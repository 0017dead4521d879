"""Stage 3: a socket of any kind ends when its user is no longer signed in."""

import time
from contextlib import ExitStack

import pytest
from websockets.exceptions import ConnectionClosed

from tests.job_clients import log_in, open_socket

LIMIT = 10  # seconds
KINDS = (
    "/ws/chat/leaving/",
    "/chat/",
    "/ws/follow/",
    "/ws/steps/echo/",
    "/ws/steps/group/leaving/",
    "/ws/steps/async/leaving/",
    "/ws/steps/json/leaving/",
)
MAKE_USERS = """
from django.contrib.auth import get_user_model
for name in ("logout", "password", "inactive", "expired", "stays"):
    get_user_model().objects.create_user(name, password="classroom")
"""
END_THREE = """
from django.contrib.auth import get_user_model
from django.contrib.sessions.models import Session
from django.utils import timezone
users = get_user_model().objects
user = users.get(username="password")
user.set_password("another")
user.save()
users.filter(username="inactive").update(is_active=False)
number = str(users.get(username="expired").pk)
for row in Session.objects.all():
    if row.get_decoded().get("_auth_user_id") == number:
        row.expire_date = timezone.now()
        row.save()
"""


@pytest.fixture(scope="module")
def run(shared_stage):
    return shared_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


def python(run, code):
    done = run.manage("shell", "-c", code)
    assert done.returncode == 0, done.stderr


def close_code(socket, seconds):
    """Return how the server closes the socket; None when it does not in `seconds`."""
    deadline = time.monotonic() + seconds
    try:
        while True:
            socket.recv(max(0, deadline - time.monotonic()))
    except ConnectionClosed:
        return socket.close_code
    except TimeoutError:
        return None


def test_a_socket_of_any_kind_ends_soon_after_its_users_identity(run):
    python(run, MAKE_USERS)
    names = ("logout", "password", "inactive", "expired", "stays")
    clients = {name: log_in(run, name) for name in names}
    with ExitStack() as stack:
        sockets = {
            (name, kind): stack.enter_context(open_socket(run, kind, client))
            for name, client in {**clients, "visitor": None}.items()
            for kind in KINDS
        }
        clients["logout"].post("/accounts/logout/")
        python(run, END_THREE)
        end = time.monotonic() + LIMIT
        codes = {}
        for which, socket in sockets.items():
            codes[which] = close_code(socket, end - time.monotonic())
    stay = ("stays", "visitor")
    assert codes == {(name, kind): None if name in stay else 4401 for name, kind in codes}
