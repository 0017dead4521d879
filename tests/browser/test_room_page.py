"""The machine room in a real browser, beside a stage that runs."""

import re
import time

import httpx
import pytest
from axe_core_python.sync_playwright import Axe
from playwright.sync_api import expect

from workbook.panel.room.room import Room
from workbook.run.ports import free_port

LOOKS = {
    "light": {"viewport": {"width": 1600, "height": 1000}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1600, "height": 1000}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 360, "height": 740}, "is_mobile": True},
}


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(1, only=("web", "slowworker"))


@pytest.fixture(scope="module")
def room(run):
    room = Room(run, free_port()).open()
    room.connect()
    yield room
    room.close()


@pytest.fixture
def page_in(chromium, room):
    """A function that opens the room; the browser must have had no complaint at the end."""
    contexts, complaints = [], []

    def page_in(**look):
        contexts.append(chromium.new_context(**look))
        page = contexts[-1].new_page()
        page.on("console", lambda line: complaints.append(line.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", lambda asked: complaints.extend(foreign(asked.url, room.url)))
        page.goto(room.url)
        expect(page.locator("#ready")).to_have_text("Everything is ready.")
        return page

    yield page_in
    for context in contexts:
        context.close()
    assert complaints == []


def foreign(url: str, ours: str) -> list[str]:
    return [] if url.startswith(ours) else [url]


@pytest.fixture
def page(page_in):
    return page_in(**LOOKS["light"])


def card(page, name):
    return page.locator(f"#p-{name}")


def place(page, where):
    return page.locator(f'[data-place="{where}"]')


def send_slow_task(run, seconds):
    form = {"seconds": seconds}
    httpx.post(f"{run.url}/slow/task/", json=form, trust_env=False, timeout=60)


def test_a_task_is_seen_to_travel(run, page):
    send_slow_task(run, 4)
    expect(place(page, "running slowworker").locator("li")).to_have_text("fetch marks")
    child = card(page, "slowworker").locator(".children li", has_text="fetch marks")
    expect(child).to_have_text(re.compile(r"child \d+: fetch marks"))
    expect(place(page, "done").locator("li").last).to_have_text("fetch marks")
    expect(place(page, "running slowworker").locator("li")).to_have_count(0)
    expect(child).to_have_count(0)
    row = page.locator("#latest tbody tr").first
    expect(row).to_contain_text("done")
    expect(page.locator("#minute")).to_contain_text("1 done")


def test_a_worker_is_stopped_and_started_by_keyboard_alone(run, page):
    stop = page.get_by_role("button", name="Stop: slowworker")
    for _ in range(60):
        page.keyboard.press("Tab")
        if stop.evaluate("button => button === document.activeElement"):
            break
    expect(stop).to_be_focused()
    page.keyboard.press("Enter")
    expect(card(page, "slowworker").locator(".state")).to_have_text("stopped")
    expect(page.locator("#said")).to_have_text("Stop: slowworker is stopped.")
    expect(page.locator("#ready")).to_have_text("slowworker is stopped.")
    expect(stop).to_be_focused()
    for _ in range(3):
        send_slow_task(run, 0)
    expect(page.locator('[data-depth="slow"]')).to_have_text("3")
    expect(place(page, "sent slow").locator("li")).to_have_count(3)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(card(page, "slowworker").locator(".state")).to_have_text("running")
    expect(page.locator("#ready")).to_have_text("Everything is ready.")
    expect(page.locator('[data-depth="slow"]')).to_have_text("0")


def test_redis_is_frozen_and_the_web_says_503(run, page):
    page.get_by_role("button", name="Freeze: redis").click()
    expect(card(page, "redis").locator(".state")).to_have_text("frozen")
    health = httpx.get(f"{run.url}/healthz", trust_env=False, timeout=60)
    assert health.status_code == 503
    page.get_by_role("button", name="Thaw: redis").click()
    expect(page.locator("#ready")).to_have_text("Everything is ready.")
    assert httpx.get(f"{run.url}/healthz", trust_env=False, timeout=60).is_success


def test_a_child_is_killed_and_the_pool_makes_another(page):
    children = card(page, "slowworker").locator(".children li")
    expect(children).to_have_count(2)
    before = children.all_inner_texts()
    page.get_by_role("button", name="kill -9 a child: slowworker").click()
    expect(page.locator("#said")).to_have_text("kill -9 a child: slowworker is running.")
    expect(children).to_have_count(2)
    expect(children.last).not_to_have_text(before[1])


def test_the_log_of_a_process_is_read_on_the_page(page):
    log = card(page, "slowworker").locator("pre")
    page.get_by_text("Log of slowworker").click()
    expect(log).to_contain_text("ready.")


def flood(kind: str, number: int) -> dict:
    event = {"uuid": str(number), "name": "a.flood", "hostname": "slow@here"}
    return {**event, "type": kind, "timestamp": time.time()}


def test_a_flood_is_counted_instead_of_drawn(room, page):
    picture = room.picture
    for number in range(3000):
        picture.tasks.hear(flood("task-received", number))
    expect(place(page, "waiting slowworker").locator(".more")).to_contain_text("more")
    assert page.locator(".marks li").count() < 200
    for number in range(3000):
        picture.tasks.hear(flood("task-succeeded", number))
    expect(page.locator('[data-count="done"]')).to_contain_text("3,0")
    page.get_by_role("button", name="Freeze: slowworker").click()  # it still answers
    expect(card(page, "slowworker").locator(".state")).to_have_text("frozen")
    page.get_by_role("button", name="Thaw: slowworker").click()
    expect(page.locator("#ready")).to_have_text("Everything is ready.")


@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_that_bars_anybody(page_in, look):
    page = page_in(**LOOKS[look])
    page.get_by_role("button", name="Freeze: slowworker").click()
    expect(card(page, "slowworker").locator(".state")).to_have_text("frozen")
    found = Axe().run(page)["violations"]
    page.get_by_role("button", name="Thaw: slowworker").click()
    expect(page.locator("#ready")).to_have_text("Everything is ready.")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    width = page.viewport_size["width"]
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_another_site_cannot_press_a_button(chromium, room):
    """A page of another origin tries with a form and with fetch."""
    page = chromium.new_page()
    page.route("http://evil.example/", lambda route: route.fulfill(body="<p>evil</p>"))
    page.goto("http://evil.example/")
    address = f"{room.url}api/processes/slowworker/kill"
    page.evaluate(
        """address => fetch(address, {method: "POST", mode: "no-cors"}).catch(() => 0)""",
        address,
    )
    assert room.picture.hands.state("slowworker") == "running"
    with page.expect_response(address) as answer:
        page.evaluate(
            """address => { const form = document.createElement("form");
            form.method = "POST"; form.action = address; document.body.append(form);
            form.submit(); }""",
            address,
        )
    assert answer.value.status == 403
    assert room.picture.hands.state("slowworker") == "running"
    page.close()


def test_when_the_stage_ends_the_page_says_why(chromium, run):
    """In a room of its own, whose server ends as the launcher's does."""
    room = Room(run, free_port()).open()
    room.connect()
    page = chromium.new_page()
    page.goto(room.url)
    expect(page.locator("#ready")).to_have_text("Everything is ready.")
    room.say("beat ended by itself with status 1. That ends the stage.")
    expect(page.locator("#ready")).to_contain_text("beat ended by itself")
    room.close()
    with pytest.raises(httpx.TransportError):
        httpx.get(room.url, trust_env=False)
    expect(page.locator("#ready")).to_contain_text("beat ended by itself")
    page.close()
