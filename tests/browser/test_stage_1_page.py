"""Stage 1's front page in a real browser."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(1)


@pytest.fixture(scope="module")
def page(run, chromium):
    """The page on a phone; it must load nothing from elsewhere and throw no error."""
    page = chromium.new_page(viewport={"width": 360, "height": 740})
    errors, hosts = [], set()
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    page.goto(run.url + "/")
    yield page
    assert not errors
    assert hosts == {run.url.removeprefix("http://")}
    page.close()


def seconds_beside(page, label):
    """Return the time that is written beside the bar with this label, once it is final."""
    time = page.locator(".chart .label", has_text=label).locator("+ .track .time")
    expect(time).to_have_text(re.compile(r"^[\d.]+ s$"))
    return float(time.inner_text().removesuffix(" s"))


def state_of(page, name):
    return page.locator("#tasks tr", has_text=name).first.locator("td").nth(1)


def test_the_page_fits_a_phone_and_every_button_and_field_has_a_name(page):
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    for control in page.locator("button, input").all():
        named = control.evaluate("it => it.labels?.length || it.innerText.trim().length")
        assert named, control.evaluate("it => it.outerHTML")


def test_both_times_are_drawn_and_the_task_answers_sooner(page):
    page.get_by_label("Seconds it takes").fill("2")
    page.get_by_role("button", name="In the request").click()
    blocking = seconds_beside(page, "Request, blocking")
    page.get_by_role("button", name="As a task").focus()
    page.keyboard.press("Enter")
    offloaded = seconds_beside(page, "Request, task")
    assert blocking >= 2
    assert offloaded < 2  # so the work was not done in it
    assert seconds_beside(page, "Task, by the worker") >= 2
    expect(state_of(page, "Fetch marks, 2 s")).to_have_text("SUCCESS")


def test_the_report_is_started_and_opened(page):
    page.get_by_role("button", name="Write the report").click()
    link = page.get_by_role("link", name="Open the report")
    expect(link).to_be_visible()
    with page.expect_response("**/students-by-age.txt") as answer:
        page.evaluate("url => fetch(url)", link.get_attribute("href"))
    assert "Pedro, 14\n" in answer.value.text()


def story_beside(page, button, words):
    """Press a button; return the line with `words` once it stands in the button's card."""
    button = page.get_by_role("button", name=button)
    button.click()
    card = page.locator("section.card").filter(has=button)
    line = card.locator(".story li", has_text=words).last
    expect(line).to_be_in_viewport()  # seen without scrolling
    return line


def test_a_retried_task_tells_its_tries_beside_the_button_as_they_come(page):
    line = story_beside(page, "Fail twice", "Fetch the register")
    expect(line).to_contain_text("failed; it waits and is tried again")
    expect(line).to_contain_text("done")
    expect(line).to_contain_text("The register came at try 3.")
    expect(line).to_contain_text(re.compile(r"try 1: nobody opened.*→.*try 2: nobody"))
    expect(state_of(page, "Fetch the register")).to_have_text("SUCCESS")
    expect(page.get_by_role("status")).to_have_text("Fetch the register: done")


def test_both_limits_tell_beside_the_button_what_they_did(page):
    soft = story_beside(page, "Soft limit", "soft limit")
    expect(soft).to_contain_text("Stopped at the soft limit")
    hard = story_beside(page, "Hard limit", "hard limit")
    expect(hard).to_contain_text("failed for good")
    expect(hard).to_contain_text("TimeLimitExceeded")


def test_a_second_delivery_changes_one_count_and_not_the_other(page):
    story_beside(page, "Deliver both twice", "Award the certificate, first delivery")
    story = page.locator("#again-story")
    expect(story).to_contain_text("nothing changed")
    expect(story).to_contain_text("sheet number 2 is printed")
    expect(page.locator("#again-result")).to_contain_text(
        "has 1 certificate and 2 printed sheets"
    )


def test_the_page_bars_nobody(page):
    assert barriers(page) == []


def test_the_page_to_browse_asks_for_the_two_ages(run, page):
    page.goto(f"{run.url}/api/students/by-age/")
    page.locator("[name=min_age]").fill("14")
    page.locator("[name=max_age]").fill("13")
    page.get_by_role("button", name="POST").first.click()
    expect(page.get_by_text("min_age is larger than max_age.").first).to_be_visible()
    page.goto(run.url)


def test_a_bad_value_a_stopped_broker_and_a_stopped_web_are_told_in_words(run, page):
    alert = page.get_by_role("alert")
    page.get_by_label("Ages from").fill("20")
    page.get_by_label("to", exact=True).fill("10")
    page.get_by_role("button", name="Write the report").click()
    expect(alert).to_contain_text("min_age is larger than max_age")
    run.redis.stop()
    page.get_by_role("button", name="Fail twice").click()
    expect(alert).to_contain_text("503: The task queue does not answer")
    run.redis.start()
    page.get_by_role("button", name="Fail twice").click()
    expect(alert).to_be_hidden()
    run.stop_process("web")
    page.get_by_role("button", name="As a task").click()
    expect(alert).to_contain_text("The web server does not answer")
