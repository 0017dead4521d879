"""Who sits at a socket: known from the handshake, and looked at again while it is open.

A page asks for its cookie's user at every request; a socket did so once, when it was
opened. Whoever logs out, gets another password, is deactivated, or whose session ends,
would go on speaking. So all signed-in sockets of the process are looked at together:
two queries for AT_ONCE sessions, however many sockets these have.
"""

import asyncio
import logging
from collections import defaultdict
from contextlib import contextmanager
from functools import lru_cache

from channels.db import database_sync_to_async
from django.contrib.auth import HASH_SESSION_KEY, SESSION_KEY, get_user_model
from django.contrib.sessions.models import Session
from django.db import Error
from django.utils import timezone
from django.utils.crypto import constant_time_compare

EVERY = 4  # seconds in which each session is looked at once
AT_ONCE = 500  # sessions
logger = logging.getLogger(__name__)


async def still_valid(scope):
    """Return the socket's user as the database knows it now; None when it has to end.

    A socket that nobody has signed in keeps its AnonymousUser: it has nothing to lose.
    """
    key = _session_key(scope)
    return (await find_users([key])).get(key) if key else scope["user"]


class Watch:
    """The signed-in sockets of this process."""

    def __init__(self):
        self.sockets = defaultdict(dict)  # session key -> {id: (scope, what ends it)}
        self.task = None
        self.endings = set()  # asyncio itself holds its tasks only weakly

    @contextmanager
    def over(self, scope, end):
        """Within it the socket is watched: scope["user"] is kept fresh.

        When the identity has ended, the coroutine function `end` is awaited.
        """
        key = _session_key(scope)
        if key is None:
            yield
            return
        self.sockets[key][id(scope)] = scope, end
        if self.task is None or self.task.done():
            self.task = asyncio.create_task(self._look_again_and_again())
        try:
            yield
        finally:
            self.sockets[key].pop(id(scope), None)
            if not self.sockets[key]:
                del self.sockets[key]

    async def _look_again_and_again(self):
        while self.sockets:
            keys = list(self.sockets)
            parts = [keys[at : at + AT_ONCE] for at in range(0, len(keys), AT_ONCE)]
            for part in parts:
                await asyncio.sleep(EVERY / len(parts))  # spread out
                try:
                    self._tell(part, await find_users(part))
                except Error as error:  # nobody is sent away because of that
                    logger.warning("Who is signed in? No answer: %s", error)

    def _tell(self, keys, users):
        for key in keys:
            for scope, end in list(self.sockets.get(key, {}).values()):
                if key in users:
                    scope["user"] = users[key]
                else:
                    # Beside us: a client that does not read may hold it up.
                    task = asyncio.create_task(end())
                    self.endings.add(task)
                    task.add_done_callback(self.endings.discard)


watch = Watch()


def _session_key(scope) -> str | None:
    user = scope.get("user")
    return scope["session"].session_key if user and user.is_authenticated else None


def users_of(keys: list) -> dict:
    """Return the users of those sessions that still hold."""
    rows = Session.objects.filter(session_key__in=keys, expire_date__gt=timezone.now())
    claims = {row.session_key: _claim(row.session_data) for row in rows}
    active = get_user_model().objects.filter(is_active=True)
    users = active.in_bulk({number for number, _ in claims.values() if number})
    return {
        key: users[number]
        for key, (number, password) in claims.items()
        if number in users and _is_password_of(users[number], password)
    }


find_users = database_sync_to_async(users_of)


@lru_cache(maxsize=10_000)
def _claim(session_data: str):
    """Return whose session it is (None: nobody's), and the hash of the password then."""
    content = Session(session_data=session_data).get_decoded()
    number = content.get(SESSION_KEY)
    number = number and get_user_model()._meta.pk.to_python(number)
    return number, content.get(HASH_SESSION_KEY, "")


def _is_password_of(user, hashed: str) -> bool:
    """As Django's own get_user() compares, old SECRET_KEYs included."""
    good = [user.get_session_auth_hash(), *user.get_session_auth_fallback_hash()]
    return any(constant_time_compare(hashed, one) for one in good)
