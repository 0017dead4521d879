"""Stage 2 in a real browser: forms, inbox, downloads."""

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser.barriers import barriers

PAUSE = 1.5  # seconds that each mail takes


@pytest.fixture(scope="module")
def run(start_stage):
    return start_stage(
        2, env={"MAIL_PAUSE": str(PAUSE)}, only=("web", "worker", "slowworker")
    )


@pytest.fixture
def page(run, chromium):
    context = chromium.new_context()
    page = context.new_page()
    page.goto(run.url)
    yield page
    context.close()


def rows_of(download):
    text = download.path().read_bytes().decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_report_is_asked_for_by_form_and_taken_from_the_inbox(page):
    page.get_by_label("Your e-mail address").fill("ana@example.com")
    page.get_by_role("button", name="Send me the report").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your report is on its way")
    status = page.get_by_role("status")
    expect(status).to_contain_text("The mail server has it")
    found = barriers(page)
    sent_at = re.search(r"(..:..):.. \(America/Manaus\)", status.inner_text())

    page.get_by_role("link", name="Open the inbox").click()
    found += barriers(page)
    page.get_by_role("link", name="Students by age").first.click()
    received = page.locator("dd", has_text="(America/Manaus)").inner_text()
    assert minutes(re.search(r"(..:..):..", received)) == pytest.approx(
        minutes(sent_at), abs=1
    )
    assert found + barriers(page) == []
    with page.expect_download() as waiting:
        page.get_by_role("link", name=re.compile("students-by-age.csv")).click()
    assert waiting.value.suggested_filename == "students-by-age.csv"
    rows = rows_of(waiting.value)
    assert rows[0] == ["name", "age"]
    assert ["Pedro", "14"] in rows
    assert len(rows) == 61


def minutes(clock) -> int:
    hour, minute = clock[1].split(":")
    return 60 * int(hour) + int(minute)


def test_the_browser_saves_the_csv(page):
    with page.expect_download() as waiting:
        page.get_by_role("link", name="Download the CSV").click()
    assert waiting.value.suggested_filename == "students-by-age.csv"
    assert len(rows_of(waiting.value)) == 61


def test_an_address_that_the_server_refuses_comes_back_in_its_form(page):
    page.locator("form").evaluate("form => form.noValidate = true")
    page.get_by_label("Your e-mail address").fill("ana at home")
    page.get_by_role("button", name="Send me the report").click()
    field = page.get_by_label("Your e-mail address")
    expect(field).to_have_value("ana at home")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("Enter a valid email address.")).to_be_visible()


def send_feedback(page, way, message):
    page.get_by_role("link", name=way).click()
    page.get_by_label("Your e-mail address").fill("ana@example.com")
    page.get_by_label("Your message").fill(message)
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/feedback/success/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Thank you for your feedback")


def milliseconds(page, cell):
    text = page.locator(cell).inner_text()
    return int(re.fullmatch(r"(\d+) ms", text)[1])


def test_feedback_is_sent_both_ways_and_the_page_compares_the_times(
    run, page, client_of, wait_for
):
    send_feedback(page, "sent in the request", "More books, please.")
    send_feedback(page, "sent by a worker", "More books, please.")
    page.goto(run.url)
    assert milliseconds(page, "#time-blocking") >= PAUSE * 1000
    assert milliseconds(page, "#time-task") < PAUSE * 1000
    bars = page.locator("meter").evaluate_all("all => all.map(it => it.value / it.max)")
    slow, quick = (milliseconds(page, cell) for cell in ("#time-blocking", "#time-task"))
    assert bars == [1, quick / slow]

    def both():
        mails = client_of(run).get(f"{run.inbox_url}/api/messages").json()["messages"]
        return sum("More books" in mail["text"] for mail in mails) == 2

    wait_for(both, what="both mails")


def test_no_page_bars_anybody(run, page):
    found = barriers(page)
    for path in ("reports/students/email/", "feedback/", "feedback/success/"):
        page.goto(f"{run.url}/{path}")
        found += barriers(page)
    page.goto(f"{run.inbox_url}/clear")
    assert found + barriers(page) == []


def test_the_header_leads_to_the_inbox_and_from_it_back(run, page):
    page.get_by_role("link", name="Inbox", exact=True).click()
    page.get_by_role("link", name="The stage").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Reports that arrive")
