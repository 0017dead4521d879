"""Stage 3 in real browser windows."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers

HOSTILE = "<img src=x onerror=\"document.title='broken'\"><b>bold</b>"


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(3, env={"CHAT_LEASE": "3"}, only=("web",))


@pytest.fixture
def open_page(chromium, run):
    """A function that opens a page in a window of its own, with cookies of its own."""
    contexts, errors = [], []

    def opened(path, context=None):
        if context is None:
            context = chromium.new_context()
            contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(run.url + path)
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def enter(page, room):
    page.locator("#room-name-input").fill(room)
    page.locator("#room-name-submit").click()
    expect(page.locator("#line")).to_have_text("Connected.")


def log_has(page, text):
    page.wait_for_function(
        "text => document.querySelector('#chat-log').value.includes(text)",
        arg=text,
    )


def say(page, text):
    page.locator("#chat-message-input").fill(text)
    page.keyboard.press("Enter")


def test_two_windows_talk_and_one_comes_back_after_a_restart(open_page, run):
    ana, bruno = open_page("/chat/"), open_page("/chat/")
    enter(ana, "talk")
    enter(bruno, "talk")
    expect(ana.locator("#people li")).to_have_count(2)
    expect(ana.locator("#chat-message-input")).to_be_focused()
    say(ana, "hello bruno")
    log_has(bruno, "hello bruno")
    bruno.locator("#chat-message-input").fill("hello ana")
    bruno.locator("#chat-message-submit").click()
    log_has(ana, "hello ana")
    mine, theirs = ana.locator("#talk .mine"), ana.locator("#talk [data-name]:not(.mine)")
    expect(mine).to_have_text(re.compile(r"^guest-\w+ \d\d:\d\d:\d\dhello bruno$"))
    expect(theirs).to_have_text(re.compile(r"^guest-\w+ \d\d:\d\d:\d\dhello ana$"))

    run.stop_process("web")
    expect(bruno.locator("#line")).to_contain_text("Trying again")
    expect(bruno.locator("#chat-message-submit")).to_be_disabled()
    run.start_process("web")
    for page in (ana, bruno):
        expect(page.locator("#line")).to_have_text("Connected.")
    say(bruno, "back again")
    log_has(ana, "back again")
    # The history came a second time; the page shows each message once.
    assert ana.locator("#chat-log").input_value().count("hello bruno") == 1


def test_hostile_text_stays_text(open_page):
    ana, bruno = open_page("/chat/hostile/"), open_page("/chat/hostile/")
    expect(ana.locator("#line")).to_have_text("Connected.")
    say(ana, HOSTILE)
    log_has(bruno, HOSTILE)
    assert bruno.locator("main img, main b").count() == 0
    assert "broken" not in bruno.title()


def test_a_signed_in_user_has_two_tabs_and_one_name(open_page):
    first = open_page("/accounts/login/?next=/chat/tabs/")
    assert "classroom" in first.content()
    first.get_by_role("button", name="ana").click()  # one click: debug is on
    expect(first.locator("#my-name")).to_have_text("ana")
    second = open_page("/chat/tabs/", first.context)
    expect(second.locator("#my-name")).to_have_text("ana")
    guest = open_page("/chat/tabs/")
    expect(guest.locator("#people li")).to_have_count(2)
    second.close()
    say(first, "still here")
    log_has(guest, "ana: still here")
    assert "has left" not in guest.locator("#chat-log").input_value()
    first.close()
    log_has(guest, "ana has left")


def test_a_room_that_cannot_be_is_explained(open_page):
    page = open_page("/chat/")
    page.locator("#room-name-input").fill("a room")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("only letters")
    expect(page.locator("#room-name-input")).to_have_value("a room")


def test_the_four_steps_run_side_by_side(open_page):
    page = open_page("/steps/")
    page.get_by_role("button").click()
    cards = page.locator("[data-address]")
    expect(cards.nth(3)).to_contain_text("median of 25")  # the last to be shown
    expect(cards.nth(0).locator("li")).to_have_count(1)
    for number in (1, 2, 3):
        expect(cards.nth(number).locator("li")).to_have_count(2)
        expect(cards.nth(number)).to_contain_text("B hears “hello” after")
    expect(cards.nth(0)).not_to_contain_text("B hears “")


def test_the_followed_file_grows_in_the_page(open_page, run):
    page = open_page("/follow/")
    page.get_by_role("button").click()
    expect(page.locator("#followed")).to_contain_text("The bell rings.")
    with (run.state / "bell.log").open("a") as file:
        file.write("<b>by hand</b>\n")
    expect(page.locator("#followed")).to_contain_text("<b>by hand</b>")


def test_only_refused_words_come_back_into_the_field(open_page):
    page = open_page("/chat/words/")
    expect(page.locator("#line")).to_have_text("Connected.")
    say(page, "this arrives")
    log_has(page, "this arrives")
    page.evaluate("onFrame({error: 'about something else'})")
    expect(page.get_by_role("alert")).to_have_text("about something else")
    expect(page.locator("#chat-message-input")).to_have_value("")
    too_long = "é\\" * 900  # over 4096 bytes as JSON
    page.evaluate("words => say(words)", too_long * 2)
    expect(page.locator("#chat-message-input")).to_have_value(too_long * 2)


def test_a_message_that_comes_late_stands_where_it_belongs(open_page):
    page = open_page("/chat/late/")
    expect(page.locator("#line")).to_have_text("Connected.")
    for number in (900_001, 900_003, 900_002, 900_003):
        frame = {"message": f"no. {number}", "name": "bruno", "id": number}
        page.evaluate("onFrame", frame)
    said = page.locator("#chat-log").input_value().split("\n")
    said = [line for line in said if "no. 90000" in line]
    assert said == [f"bruno: no. {number}" for number in (900_001, 900_002, 900_003)]


def test_what_was_written_at_once_is_said_when_the_line_is_open(open_page):
    page = open_page("/chat/")
    page.keyboard.type("hasty")
    page.keyboard.press("Enter")
    page.wait_for_url("**/chat/hasty/")
    page.keyboard.type("hello")
    page.keyboard.press("Enter")
    log_has(page, ": hello")


def test_the_lobbys_field_has_the_focus_before_the_page_is_drawn(open_page, chromium, run):
    context = chromium.new_context()
    context.add_init_script(
        "addEventListener('DOMContentLoaded',"
        " () => { window.early = document.activeElement.id; })"
    )
    page = open_page("/chat/", context)
    assert page.evaluate("early") == "room-name-input"
    context.close()


def test_a_line_more_leaves_what_was_read_in_the_page(open_page, run):
    with (run.state / "bell.log").open("a") as file:
        file.write("the first line\n")
    page = open_page("/follow/")
    expect(page.locator("#followed")).to_contain_text("the first line")
    page.evaluate("first = document.getElementById('followed').firstChild")
    page.get_by_role("button").click()
    expect(page.locator("#followed")).to_contain_text("The bell rings.")
    assert page.evaluate("first.isConnected")


def test_no_page_bars_anybody(open_page, run):
    page = open_page("/accounts/login/")
    found = barriers(page)
    page.get_by_role("button", name="teacher").click()
    expect(page.locator("#signed-in")).to_have_text("teacher")
    found += barriers(page)  # the front page
    for path in ("/chat/", "/chat/barriers/", "/steps/", "/follow/", "/letters/"):
        page.goto(run.url + path)
        if path == "/chat/barriers/":
            expect(page.locator("#line")).to_have_text("Connected.")
            say(page, "hello")
            log_has(page, "teacher: hello")
        found += barriers(page)
    assert found == []
