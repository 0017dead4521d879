"""A change fits exactly once, or is refused in one line."""

import pytest

from workbook.change import Change, DoesNotFit, apply_all


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "school").mkdir()
    (tmp_path / "school" / "rooms.py").write_bytes(b"blue = 1\r\nred = 2\r\n")
    return tmp_path


def test_a_change_replaces_its_text_and_nothing_else(folder):
    Change("school/rooms.py", "blue = 1", "blue = 3").apply(folder)
    assert (folder / "school" / "rooms.py").read_bytes() == b"blue = 3\r\nred = 2\r\n"


def test_a_later_change_sees_the_earlier_one(folder):
    first = Change("school/rooms.py", "blue = 1", "green = 1")
    apply_all([first, Change("school/rooms.py", "green = 1", "green = 2")], folder)
    assert b"green = 2" in (folder / "school" / "rooms.py").read_bytes()


@pytest.mark.parametrize(
    ("find", "words"),
    [
        ("yellow = 1\n", "school/rooms.py has 0 times, not once: 'yellow = 1\\n'"),
        (" = ", "school/rooms.py has 2 times, not once: ' = '"),
        ("", "school/rooms.py has 0 times, not once: ''"),
    ],
)
def test_a_text_that_is_not_there_once_is_refused(folder, find, words):
    before = (folder / "school" / "rooms.py").read_bytes()
    with pytest.raises(DoesNotFit) as refusal:
        Change("school/rooms.py", find, "x").apply(folder)
    assert str(refusal.value) == words
    assert (folder / "school" / "rooms.py").read_bytes() == before


def test_a_file_that_is_not_there_is_named(folder):
    with pytest.raises(DoesNotFit, match="school/bell"):
        Change("school/bell.py", "ring", "").apply(folder)
