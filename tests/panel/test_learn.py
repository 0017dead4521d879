"""The course on a page: a real check of a real copy, in a folder of the test's own."""

import asyncio
import re
import threading

import httpx
import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers
from workbook.build import school
from workbook.build.step import steps
from workbook.exercises import copies, progress
from workbook.panel.learn import course as course_module
from workbook.panel.learn.course import Course
from workbook.panel.learn.site import site
from workbook.panel.serving import listen, server


@pytest.fixture
def course(tmp_path, monkeypatch):
    """The course of somebody who has not done anything yet."""
    for module in (copies, progress, course_module):
        monkeypatch.setattr(module, "MY_WORK", tmp_path / "my_work")
    monkeypatch.setattr(school, "FOLDER", tmp_path / "my_work" / "school")
    course = Course().open()
    yield course
    course.close()


@pytest.fixture
def page(course):
    door, web = listen("127.0.0.1", 0), server(site(course))
    serve = threading.Thread(target=lambda: asyncio.run(web.serve(sockets=[door])))
    serve.start()
    url = f"http://127.0.0.1:{door.getsockname()[1]}"
    with httpx.Client(base_url=url, trust_env=False, timeout=60) as page:
        yield page
    web.should_exit = True
    serve.join()


@pytest.fixture
def press(page):
    """A function that presses a button as the page does; it returns the answer."""
    token = re.search(r'name="room-token" content="(.+?)"', page.get("/").text)[1]

    def press(name, act):
        headers = {"X-Room-Token": token}
        return page.post(f"/api/exercises/{name}/{act}", headers=headers).json()

    return press


def row(page, name):
    rows = page.get("/api/course").json()["exercises"]
    return next(one for one in rows if one["name"] == name)


def test_the_page_bars_nobody(page, chromium):
    shown = chromium.new_page()
    shown.goto(str(page.base_url))
    expect(shown.locator("#count")).not_to_have_text("Looking…")
    found = barriers(shown)
    shown.close()
    assert found == []


def test_every_exercise_is_there_and_the_first_comes_next(page, course):
    state = page.get("/api/course").json()
    assert [one["name"] for one in state["exercises"]] == list(course.exercises)
    assert state["next"] == "1-1"
    assert {one["state"] for one in state["steps"]} == {""}


def test_the_steps_of_the_path_are_done_next_or_to_come(page):
    school.ensure()
    first, second, *_ = steps()
    school.finish(first)
    state = page.get("/api/course").json()["steps"]
    assert [one["name"] for one in state] == [one.name for one in steps()]
    states = {one["name"]: one["state"] for one in state}
    assert (states.pop(first.name), states.pop(second.name)) == ("done", "next")
    assert set(states.values()) == {""}


def test_a_save_is_checked_and_a_right_answer_is_noted(page, press, course, wait_for):
    press("1-1", "check")
    wait_for(lambda: row(page, "1-1")["said"], what="the first check's words")
    assert any(line["kind"] == "unmet" for line in row(page, "1-1")["said"])
    assert row(page, "1-1")["begun"]
    one = course.exercises["1-1"]
    mine = copies.copy_of(one)
    copies.make_solution(one, mine.with_name("solution"))
    for path in one.edit:
        (mine / path).write_text((mine.with_name("solution") / path).read_text())
    wait_for(lambda: row(page, "1-1")["done"], what="the check of the saved file")
    assert any("Why it works" in line["text"] for line in row(page, "1-1")["said"])
    assert page.get("/api/course").json()["next"] == "1-2"
    assert page.get("/progress.json").json()["1-1"]["done"] is True


def test_hints_come_one_by_one_and_are_counted(page, press):
    assert press("1-1", "hint")["answer"].startswith("Hint 1 of 3: ")
    assert press("1-1", "hint")["answer"].startswith("Hint 2 of 3: ")
    assert row(page, "1-1")["hints"] == 2


def test_the_solution_is_a_diff_and_a_reset_keeps_the_old_copy(press, course):
    assert "+++" in press("1-1", "solution")["answer"]
    assert press("1-1", "reset")["answer"].startswith("Your copy is kept as my_work/1-1")
    assert copies.copy_of(course.exercises["1-1"]).is_dir()


def test_the_editor_that_is_set_gets_the_files(
    press, course, monkeypatch, tmp_path, wait_for
):
    said = tmp_path / "said"
    script = tmp_path / "editor"
    script.write_text(f'#!/bin/sh\necho "$@" > {said}\n')
    script.chmod(0o755)
    monkeypatch.setenv("EDITOR", str(script))
    press("1-1", "edit")
    wait_for(lambda: said.exists() and said.read_text(), what="the editor")
    assert said.read_text().strip().endswith(course.exercises["1-1"].edit[0])


def test_without_the_token_or_from_elsewhere_nothing_is_done(page, course):
    path = "/api/exercises/1-1/check"
    assert page.post(path).status_code == 403
    assert page.post(path, headers={"Origin": "http://evil.example"}).status_code == 403
    assert page.get("/", headers={"Host": "evil.example"}).status_code == 403
    assert not copies.copy_of(course.exercises["1-1"]).exists()
