"""What a step's page says, and how it is refused when it cannot be read."""

import pytest

from workbook.build.page import Changed, Commands, Given, Malformed, NewFile, read_page
from workbook.build.step import steps
from workbook.change import Change

HEAD = "# A title\n\nAbout 5 minutes.\n\n"


def parts(text: str) -> tuple:
    return read_page(HEAD + text, "here").parts


def test_a_named_block_is_the_whole_new_file():
    text = (
        "`slow/tasks.py`:\n\n```python\none = 1\n\ntwo = 2\n```\n\n```python\nlook\n```\n"
    )
    assert parts(text) == (NewFile("slow/tasks.py", "one = 1\n\ntwo = 2\n"),)


def test_a_diff_changes_places_that_stand_there_once():
    text = "`a.py`:\n\n```diff\n one\n-two\n+three\n\n...\n+new\n last\n```\n"
    changes = (Change("a.py", "one\ntwo\n\n", "one\nthree\n\n"),)
    changes += (Change("a.py", "last\n", "new\nlast\n"),)
    assert parts(text) == (Changed("a.py", changes, 2),)


def test_given_files_commands_and_minutes():
    page = read_page(f"{HEAD}Given: `students/`, a.html.\n\n```sh\nrm x\n```\n", "here")
    assert page.parts == (Given(("students/", "a.html")), Commands(("rm x",)))
    assert (page.title, page.minutes) == ("A title", 5)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no title", "here: a title"),
        (f"{HEAD}```python\n", "here: a block has no end"),
        (f"{HEAD}`a.py`:\n\n```diff\nno sign\n```\n", "here: a.py: a diff has"),
        (f"{HEAD}`a.py`:\n\n```diff\n same\n```\n", "here: a.py: a place of the diff"),
        (f"{HEAD}`a.py`:\n\n```diff\n+only new\n```\n", "here: a.py: a place of the diff"),
    ],
)
def test_a_page_that_cannot_be_read_is_named_in_one_line(text, words):
    with pytest.raises(Malformed) as refusal:
        read_page(text, "here")
    assert str(refusal.value).startswith(words)


def test_each_step_says_how_long_it_takes():
    assert all(5 <= step.page.minutes <= 15 for step in steps())
