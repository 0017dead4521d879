"""Who is here."""

from datetime import timedelta

import pytest
from django.utils import timezone

from chat import presence
from chat.models import Presence

pytestmark = pytest.mark.django_db


def test_two_tabs_are_one_person_who_leaves_with_the_last():
    assert presence.enter("lobby", "tab1", "ana") is True
    assert presence.enter("lobby", "tab2", "ana") is False
    presence.enter("lobby", "tab3", "bruno")
    presence.enter("other", "tab4", "ana")
    assert presence.here("lobby") == (["ana", "bruno"], 2)
    assert presence.leave("lobby", "tab1", "ana") is False
    assert presence.leave("lobby", "tab2", "ana") is True
    assert presence.here("lobby") == (["bruno"], 1)


def test_a_socket_that_no_longer_renews_is_not_here_and_is_swept(settings):
    presence.enter("lobby", "dead", "ana")
    lapsed = timezone.now() - timedelta(seconds=settings.CHAT_LEASE + 1)
    Presence.objects.update(seen=lapsed)
    assert presence.here("lobby") == ([], 0)
    assert presence.rooms_in_use() == []
    assert presence.enter("other", "alive", "bruno") is True
    assert [row.channel for row in Presence.objects.all()] == ["alive"]


def test_a_socket_that_was_swept_by_mistake_comes_back_when_it_renews():
    presence.renew("lobby", "slow", "ana")
    assert presence.here("lobby") == (["ana"], 1)


def test_a_crowd_is_counted_and_only_its_first_names_are_shown(monkeypatch):
    monkeypatch.setattr(presence, "SHOWN", 2)
    for name in ("c", "a", "b"):
        presence.enter("lobby", name, name)
    assert presence.here("lobby") == (["a", "b"], 3)
