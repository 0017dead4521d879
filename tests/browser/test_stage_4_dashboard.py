"""Stage 4 in real browser windows."""

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers
from tests.job_clients import is_whole, kill_group, log_in, start_job, worker_pids
from workbook.panel.room.room import Room
from workbook.run.ports import free_port


@pytest.fixture(scope="module")
def run(start_stage):
    env = {"JOB_LEASE": "3", "JOB_REPORT_EVERY": "0.1"}
    return start_stage(4, env=env, only=("web", "jobworker"))


@pytest.fixture
def window_of(chromium, run):
    """A function that opens the dashboard in a window of its own, logged in."""
    contexts, errors = [], []

    def opened(name, **options):
        context = chromium.new_context(**options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.goto(f"{run.url}/accounts/login/?next=/")
        page.get_by_label("Name").fill(name)
        page.get_by_label("Password").fill("classroom")
        page.get_by_role("button", name="Log in").click()
        page.wait_for_url(f"{run.url}/")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert errors == []


def start(page, rows, pause_ms):
    """Start a job by the form; return its card, which is the newest."""
    page.get_by_label("Rows", exact=True).fill(str(rows))
    page.get_by_label("Pause for each row, ms").fill(str(pause_ms))
    cards = page.locator(".job")
    before = cards.count()
    page.get_by_role("button", name="Start").click()
    expect(cards).to_have_count(before + 1)
    return page.locator(f"#{cards.first.get_attribute('id')}")


def bar_moves(page, card, times):
    """Wait until the bar has stood at so many places; return them."""
    return page.wait_for_function(
        """([id, times]) => {
            const seen = (window.seen ??= new Set());
            seen.add(document.querySelector(`#${id} progress`).value);
            return seen.size >= times && [...seen];
        }""",
        arg=[card.get_attribute("id"), times],
        polling=50,
    ).json_value()


def state_is(card, state):
    expect(card.locator(".state")).to_have_text(state)


def test_a_job_is_started_watched_reloaded_and_its_file_opened(window_of):
    page = window_of("ana")
    card = start(page, 300, 8)
    assert len(bar_moves(page, card, 4)) >= 4
    page.reload()
    assert float(card.locator("progress").get_attribute("value")) > 0  # at once
    state_is(card, "running")
    assert len(bar_moves(page, card, 3)) >= 3
    state_is(card, "succeeded")
    expect(card.locator(".log")).to_contain_text("Done: 300 rows.")
    log = card.locator(".log").inner_text().splitlines()
    assert len(log) == len(set(log))  # no line twice, though the page was reloaded
    with page.expect_download() as download:
        card.get_by_role("link", name="Download").click()
    assert download.value.suggested_filename == "school-report-300.csv"
    assert is_whole(download.value.path().read_text(), 300)


def test_two_windows_agree_and_one_of_them_cancels(window_of):
    one, two = window_of("ana"), window_of("ana")
    card = start(one, 5000, 10)
    there = two.locator(f"#{card.get_attribute('id')}")
    state_is(there, "running")  # without a reload
    expect(there.locator(".heard")).to_contain_text("last news 0 s ago")
    there.get_by_role("button", name="Cancel").press("Enter")
    for shown in (there, card):
        state_is(shown, "cancelled")
        expect(shown.get_by_role("button", name="Cancel")).to_be_hidden()
        expect(shown.get_by_role("link", name="Download")).to_be_hidden()
        expect(shown.locator(".log")).to_be_hidden()  # folded: the job has ended
    expect(there.locator("summary")).to_be_focused()  # not nowhere
    assert barriers(one) == []


def test_a_second_user_sees_nothing_and_is_refused_and_staff_see_all(window_of, run):
    ana = log_in(run, "ana")
    job = start_job(ana, 10)
    bruno = window_of("bruno")
    expect(bruno.locator(f"#job-{job['id']}")).to_have_count(0)
    refused = bruno.evaluate(
        """path => new Promise((done) => {
            const socket = new WebSocket(`ws://${location.host}${path}`);
            socket.onclose = (event) => done(event.code);
        })""",
        job["socket_url"],
    )
    assert refused == 4404
    assert bruno.request.get(run.url + job["file_url"]).status == 404
    expect(window_of("teacher").locator(f"#job-{job['id']}")).to_have_count(1)


def test_the_page_recovers_when_the_worker_and_the_web_are_killed(window_of, run):
    page = window_of("ana")
    card = start(page, 300, 10)
    bar_moves(page, card, 3)
    kill_group(worker_pids(run)[0])
    run.processes["jobworker"].wait(30)
    run.stop_process("web")
    expect(card.locator(".connection")).to_contain_text("Trying again in")
    run.start_process("web")
    run.start_process("jobworker")
    state_is(card, "succeeded")
    expect(card.locator(".attempt")).to_have_text("2")
    expect(card.locator(".connection")).to_be_hidden()
    expect(card.locator(".log")).to_contain_text("The worker went silent.")


@pytest.fixture
def room(run):
    """The machine room of the stage."""
    room = Room(run, free_port()).open()
    room.connect()
    yield room
    room.close()


def test_the_page_recovers_when_a_child_is_killed_in_the_machine_room(window_of, room):
    page = window_of("ana")
    hall = page.context.new_page()
    hall.goto(room.url)
    expect(hall.locator("#ready")).to_contain_text("Everything is ready.")
    card = start(page, 800, 10)
    expect(hall.locator("#p-jobworker .children")).to_contain_text("run job")
    hall.get_by_role("button", name="kill -9 a child: jobworker").click()
    expect(hall.locator("#said")).to_have_text("kill -9 a child: jobworker is running.")
    expect(card.locator(".attempt")).to_have_text("2")
    state_is(card, "succeeded")


def test_a_bad_wish_is_answered_on_the_page_with_and_without_javascript(window_of):
    for javascript in (True, False):
        page = window_of("ana", java_script_enabled=javascript)
        page.locator("#rows").evaluate("field => field.removeAttribute('max')")
        page.locator("#rows").fill("1000001")
        page.get_by_role("button", name="Start").click()
        expect(page.get_by_role("alert")).to_contain_text("less than or equal to 1000000")


def test_without_javascript_the_page_is_looked_at_again(window_of, wait_for):
    page = window_of("bruno", java_script_enabled=False)
    page.get_by_label("Rows", exact=True).fill("150")
    page.get_by_role("button", name="Start").click()
    card = page.locator(".job").first

    def ended() -> bool:
        page.get_by_role("link", name="look again").click()
        return card.locator(".state").inner_text() == "succeeded"

    wait_for(ended, what="the job's end on the page")
    expect(card.get_by_role("link", name="Download")).to_be_visible()


def test_a_guest_sees_what_it_is_and_logs_in_with_one_click(chromium, run):
    page = chromium.new_page()
    page.goto(run.url)
    expect(page.get_by_text("A job belongs to somebody")).to_be_visible()
    found = barriers(page)
    page.get_by_role("button", name="bruno").click()
    expect(page.locator("#signed-in")).to_have_text("bruno")
    expect(page.get_by_role("button", name="Start")).to_be_visible()
    page.close()
    assert found == []
