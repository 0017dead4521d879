"""The path as a learner walks it: `make build` and its family on a school of the test's.

That the path leads home, and what each check says, is proved by
`python -m workbook build-test`, which the suite runs beside these.
"""

import itertools
import re
import subprocess

import pytest

from workbook.__main__ import main
from workbook.build import commands, school
from workbook.build.replay import make_before
from workbook.build.step import find, steps
from workbook.exercises import progress
from workbook.run.ports import free_port

FIRST, LAST = steps()[0], steps()[-1]
URLS = "config/urls.py"


@pytest.fixture(autouse=True)
def folder(tmp_path, monkeypatch):
    """The learner's folder, of the test's own."""
    mine = tmp_path / "my_work" / "school"
    monkeypatch.setattr(school, "FOLDER", mine)
    monkeypatch.setattr(progress, "MY_WORK", mine.parent)
    return mine


@pytest.fixture
def build(capsys):
    """A function that types `make build-...`; returns exit status and what was said."""

    def run(*action: str) -> tuple[int, str]:
        status = main(["build", *action])
        said = capsys.readouterr()
        return status, said.out + said.err

    return run


def log(folder) -> list[str]:
    words = ["git", "-C", str(folder), "log", "--reverse", "--format=%s"]
    return subprocess.run(
        words, capture_output=True, text=True, check=True
    ).stdout.splitlines()


def walk(folder, step):
    """Make the school as it is before `step`, as quickly as can be."""
    school.begin_before(step)


def test_the_first_call_makes_an_empty_folder_and_shows_the_page(folder, build):
    status, said = build()
    assert status == 1
    assert [path.name for path in folder.iterdir()] == [".git"]
    assert FIRST.page.text in said
    assert "There is no manage.py in your folder." in said
    assert FIRST.page.text not in build()[1]  # the whole page once, its name each time


def test_a_finished_step_is_a_commit_and_the_next_one_is_shown(folder, build, tmp_path):
    build()
    make_before(find("1-2"), tmp_path / "typed")
    subprocess.run(["cp", "-r", f"{tmp_path / 'typed'}/.", str(folder)], check=True)
    status, said = build()
    assert status == 0
    assert "Step 1-1 is done." in said
    assert find("1-2").page.text in said
    assert log(folder) == [f"Step 1-1: {FIRST.title}"]
    assert (folder / "archive" / "marks.py").is_file()  # what 1-2 gives


def test_code_that_differs_and_does_the_same_passes(folder, build):
    walk(folder, find("1-2"))
    (folder / "archive").mkdir()
    (folder / "archive" / "views.py").write_text(
        "from django.http import HttpResponse\n"
        "from archive.marks import fetch_marks as ask_the_archive\n"
        "def wait(request):\n"
        "    answer = ask_the_archive(seconds=2)\n"
        "    return HttpResponse([answer])\n"
    )
    (folder / URLS).write_text(
        "from django.urls import re_path\n"
        "import archive.views\n"
        "urlpatterns = [re_path('^slow/blocking/$', archive.views.wait)]\n"
    )
    commands.begin(find("1-2"))
    status, said = build()
    assert status == 0, said


def test_hints_come_one_after_the_other(build):
    for number in (1, 2, 3, 3):
        assert f"Hint {number} of 3: {FIRST.hints[number - 1]}" in build("hint")[1]


def test_the_step_is_shown_as_a_diff_to_ones_own_file(folder, build):
    walk(folder, find("1-2"))
    with (folder / URLS).open("a") as file:
        file.write("# my own words\n")
    said = build("show")[1]
    assert "-# my own words" in said
    assert "+from archive import views" in said


def test_the_key_that_django_invented_is_no_difference(folder, build):
    walk(folder, find("1-4"))
    settings = folder / "config" / "settings.py"
    text = settings.read_text()
    settings.write_text(re.sub("insecure-.*'", "insecure-mine'", text))
    (folder / "config" / "celery.py").write_text("# begun\n")
    assert "SECRET_KEY" not in build("show")[1]
    status, said = build("do")
    assert status == 0, said
    assert "settings.py (yours is" not in said
    assert "insecure-mine" in settings.read_text()


def test_do_changes_ones_own_file_where_the_step_fits_it(folder, build):
    walk(folder, find("1-2"))
    mine = (folder / URLS).read_text() + "# my own words\n"
    (folder / URLS).write_text(mine)
    status, said = build("do")
    assert status == 0, said
    text = (folder / URLS).read_text()
    assert text.endswith("# my own words\n")
    assert "views.blocking" in text
    assert "kept" not in said


def test_do_keeps_a_file_beside_where_it_does_not_fit(folder, build):
    walk(folder, find("1-2"))
    mine = b"# all my own\nurlpatterns = [] \r\n"
    (folder / URLS).write_bytes(mine)
    status, said = build("do")
    assert status == 0, said
    assert f"kept: {URLS} (yours is config/urls.py.mine-1)" in said
    assert (folder / "config" / "urls.py.mine-1").read_bytes() == mine
    assert log(folder)[-1].startswith("Step 1-2: ")


def test_what_a_step_gives_never_replaces_ones_own_file(folder, build):
    walk(folder, find("1-2"))
    (folder / "archive").mkdir()
    (folder / "archive" / "marks.py").write_text("# mine\n")
    said = build()[1]
    assert "archive/marks.py (yours is archive/marks.py.mine-1)" in said
    assert (folder / "archive" / "marks.py.mine-1").read_text() == "# mine\n"


def test_beginning_at_a_step_renames_what_was_there(folder, build):
    build()
    (folder / "mine.txt").write_text("mine")
    status, said = build("1-3")
    assert status == 0
    assert "Your school is kept as my_work/school.before-1." in said
    assert (folder.parent / "school.before-1" / "mine.txt").read_text() == "mine"
    assert [line.split(":")[0] for line in log(folder)] == ["Step 1-1", "Step 1-2"]
    assert find("1-3").page.text in said
    assert "There is no page at /slow/task/ yet." in build()[1]


def test_the_last_step_of_a_stage_leads_on_to_the_next_stage(folder):
    school.ensure()
    ends = [(a, b) for a, b in itertools.pairwise(steps()) if a.stage < b.stage]
    assert ends
    for last, first in ends:
        school.finish(last)
        assert school.current() == first


@pytest.mark.parametrize("name", ["2-1", "2-2"])
def test_a_later_stage_begins_with_what_the_one_before_has_left(folder, build, name):
    status, said = build(name)
    assert status == 0
    steps_done = ["Step 2-1"] if name == "2-2" else []
    assert [line.split(":")[0] for line in log(folder)] == [
        "The end of stage 1",
        *steps_done,
    ]
    assert (folder / "archive" / "marks.py").is_file()
    assert find(name).page.text in said
    status, said = build()
    assert status == 1
    assert find(name).fails_before in said


def test_at_the_end_there_is_nothing_left_to_do(folder, build):
    school.ensure()
    school.finish(LAST)
    for action in ((), ("do",), ("hint",), ("show",)):
        status, said = build(*action)
        assert (status, said) == (0, f"{commands.END}\n")
    assert commands.END == "All steps are done."


@pytest.mark.parametrize("name", ["1", "x-y", "1-99", "9-1", "../etc", "1-1/..", "dont"])
def test_a_step_that_is_none_is_answered_in_one_line(build, name):
    status, said = build(name)
    assert status == 1
    assert len(said.splitlines()) == 1
    assert "step" in said


def test_a_folder_that_is_not_the_schools_is_left_alone(folder, build):
    folder.mkdir(parents=True)
    (folder / "mine.txt").write_text("mine")
    status, said = build()
    assert status == 1
    assert said == "my_work/school is there, without its git: rename that folder.\n"
    assert [path.name for path in folder.iterdir()] == ["mine.txt"]


def test_there_is_nothing_to_run_before_there_is_a_procfile(build):
    build()
    status, said = build("run")
    assert status == 1
    assert said.startswith("my_work/school/config/settings.py is not there yet")
    assert len(said.splitlines()) == 1


def test_redis_on_a_port_in_use_says_so_in_one_line(build, monkeypatch, capsys):
    import socket

    port = free_port()
    with socket.create_server(("127.0.0.1", port)):
        monkeypatch.setenv("PORT", str(port))
        assert main(["redis"]) == 1
    assert capsys.readouterr().err.startswith(f"Port {port} (Redis) is in use: ")
