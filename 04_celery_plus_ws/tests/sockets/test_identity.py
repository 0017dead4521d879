"""Who sits at a socket, after something has changed in the database."""

import asyncio
from datetime import timedelta

import pytest
from channels.db import database_sync_to_async
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AnonymousUser
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from sockets import identity
from sockets.identity import Watch, still_valid

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(identity, "EVERY", 0.02)


@pytest.fixture
def ana():
    return get_user_model().objects.create_user("ana", password="one", is_staff=True)


@pytest.fixture
def scope(ana):
    """A socket's scope, as the handshake leaves it, with `ana` logged in."""
    client = Client()
    client.force_login(ana)
    return {"user": ana, "session": client.session, "client": client}


def log_out(scope):
    scope["client"].logout()


def new_password(scope):
    ana = get_user_model().objects.get()
    ana.set_password("two")
    ana.save()


def deactivate(scope):
    get_user_model().objects.update(is_active=False)


def expire(scope):
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))


ENDINGS = pytest.mark.parametrize("ending", [log_out, new_password, deactivate, expire])


@ENDINGS
async def test_an_identity_that_has_ended_is_not_valid(scope, ending):
    assert await still_valid(scope) == scope["user"]
    await database_sync_to_async(ending)(scope)
    assert await still_valid(scope) is None


async def test_a_visitor_stays_a_visitor():
    nobody = AnonymousUser()
    assert await still_valid({"user": nobody}) is nobody


@ENDINGS
async def test_all_sockets_of_an_ended_session_are_told_to_end(scope, ending):
    watch, ends = Watch(), [asyncio.Event(), asyncio.Event()]

    async def end(which):
        which.set()

    scopes = [dict(scope), dict(scope)]
    with (
        watch.over(scopes[0], lambda: end(ends[0])),
        watch.over(scopes[1], lambda: end(ends[1])),
    ):
        await asyncio.sleep(0.1)
        assert not any(one.is_set() for one in ends)
        await database_sync_to_async(ending)(scope)
        await asyncio.wait_for(asyncio.gather(*(one.wait() for one in ends)), 20)
    assert watch.sockets == {}
    await asyncio.wait_for(watch.task, 20)  # nobody left: nothing runs


async def test_staff_rights_go_with_the_flag(scope):
    gone = asyncio.Event()

    class Noticing(dict):
        def __setitem__(self, key, value):
            super().__setitem__(key, value)
            if not value.is_staff:
                gone.set()

    watched = Noticing(scope)
    with Watch().over(watched, None):
        await get_user_model().objects.aupdate(is_staff=False)
        await asyncio.wait_for(gone.wait(), 20)
    assert not watched["user"].is_staff
    assert not (await still_valid(scope)).is_staff


def test_many_sessions_cost_two_queries(ana, django_assert_num_queries):
    clients = [Client() for _ in range(30)]
    for client in clients:
        client.force_login(ana)
    keys = [client.session.session_key for client in clients]
    with django_assert_num_queries(2):
        assert identity.users_of(keys) == dict.fromkeys(keys, ana)
