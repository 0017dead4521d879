"""Who is here, in memory; tests/stages/chat/test_stage_3_presence.py has it in Redis."""

import pytest

from chat import presence


def test_a_name_is_new_once_and_gone_once():
    assert presence.enter("lobby", "ana") == ((["ana"], 1), True)
    assert presence.enter("lobby", "ana") == ((["ana"], 1), False)
    presence.enter("lobby", "bruno")
    presence.enter("other", "ana")
    assert presence.leave({"lobby": ["ana"]}) == {"lobby": ((["bruno"], 1), ["ana"])}
    assert presence.renew({"other": ["ana"]}) == {"other": (["ana"], 1)}


def test_a_name_that_nobody_renews_expires(settings):
    settings.CHAT_LEASE = 0
    presence.enter("lobby", "ghost")
    settings.CHAT_LEASE = 30
    assert presence.rooms_in_use() == []
    assert presence.enter("lobby", "ana") == ((["ana"], 1), True)


def test_a_crowd_is_counted_and_only_some_names_are_shown(monkeypatch):
    monkeypatch.setattr(presence, "SHOWN", 2)
    people = presence.renew({"lobby": ["c", "a", "b"]})["lobby"]
    assert people == (["a", "b"], 3)


@pytest.mark.parametrize(("room", "people"), [("full", 3), ("half", 2)])
def test_the_lobby_hears_which_rooms_are_full(room, people):
    presence.renew({"half": ["a", "b"], "full": ["a", "b", "c"]})
    assert (room, people) in presence.rooms_in_use()
    assert presence.rooms_in_use()[0] == ("full", 3)
