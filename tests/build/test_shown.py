"""What a page shows of a terminal, compared with what a terminal says."""

import pytest

from workbook.build.page import CtrlC, Session, read_page
from workbook.build.typed.shown import Shown
from workbook.build.typed.walk import in_sittings

LOG = "a line\nReady: 8001\nworker | received\nworker | done in 3.01s\n"


@pytest.mark.parametrize(
    ("shown", "said", "so"),
    [
        ("True", "True\n", True),
        ("True", "False\n", False),
        ("True", "True\nand more\n", False),
        ("", "", True),
        ("", "something\n", False),
        ('{"id": "..."}', '{"id": "abc"}', True),
        ('{"id": "..."}', '{"no": "abc"}', False),
        ("...", "", True),
        ("...", "one\ntwo\n", True),
        ("first\n...\nlast", "first\nlast\n", True),
        ("first\n...\nlast", "first\n1\n2\nlast\n", True),
        ("first\n...\nlast", "first\n1\n2\n", False),
        ("one.two", "one two", False),  # a dot is a dot
        ("...", "curl: (7) Failed to connect", False),
    ],
)
def test_all_that_a_command_says_is_shown(shown, said, so):
    assert Shown(shown).is_all_of(said) is so


def test_of_what_goes_on_the_beginning_is_shown():
    assert Shown("a line\nReady: 8001").begins(LOG)
    assert Shown("...\nReady: 8001").begins(LOG)
    assert not Shown("Ready: 8001").begins(LOG)


def test_a_part_of_a_log_has_whole_lines_in_their_order():
    assert Shown("worker | ...ed\nworker | done in 3...s").is_in(LOG)
    assert not Shown("done in 3...s").is_in(LOG)
    assert not Shown("worker | done...\n...\nworker | received").is_in(LOG)


def test_shells_without_an_edit_between_them_are_one_sitting():
    first, second = Session("pycon", ">>> a = 1\n"), Session("pycon", ">>> a\n1\n")
    other = Session("console", "$ true\n")
    assert in_sittings([first, second]) == [Session("pycon", ">>> a = 1\n>>> a\n1\n")]
    assert in_sittings([first, other, second]) == [first, other, second]


def test_what_is_ended_is_said_to_the_typist_and_not_to_people():
    text = "# A\n\nAbout 5 minutes.\n\nNow.\n\n<!-- Ctrl-C: make redis -->\n\nThen.\n"
    page = read_page(text, "here")
    assert page.parts == (CtrlC("make redis"),)
    assert page.text == "# A\n\nAbout 5 minutes.\n\nNow.\n\nThen.\n"
