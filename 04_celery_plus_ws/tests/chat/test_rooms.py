"""Names of rooms, and of their groups."""

import re

import pytest

from chat.rooms import LONGEST, BadRoom, check_room, group_of


@pytest.mark.parametrize(
    "name", ["lobby", "room_1", "7-b", "São.João", "教室", "x" * LONGEST]
)
def test_letters_of_every_script_and_digits_make_a_room(name):
    assert check_room(name) == name


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("", "needs a name"),
        ("  ", "needs a name"),
        ("x" * (LONGEST + 1), "at most 40"),
        ("a room", "only letters"),
        ("a/b", "only letters"),
        ("<b>", "only letters"),
        ("a\nb", "only letters"),
    ],
)
def test_any_other_name_is_refused_with_the_reason(name, reason):
    with pytest.raises(BadRoom, match=reason):
        check_room(name)


def test_one_word_spelt_in_two_ways_is_one_room():
    assert check_room("cafe\u0301") == check_room("caf\u00e9")


def test_every_room_has_a_group_that_the_layer_accepts():
    names = ["lobby", "教室", "x" * LONGEST]
    groups = {group_of("chat", name) for name in names} | {group_of("step-json", "lobby")}
    assert len(groups) == 4
    assert all(re.fullmatch(r"[A-Za-z0-9._-]{1,99}", group) for group in groups)
