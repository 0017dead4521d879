"""The web inbox in a real browser."""

import re
import socket

import pytest
from playwright.sync_api import expect

from tests.mail_service import MailService, letter


@pytest.fixture(scope="module")
def service(tmp_path_factory):
    running = MailService(tmp_path_factory.mktemp("mail"))
    yield running
    running.stop()


@pytest.fixture
def inbox(service):
    service.web.delete("/api/messages")
    return service


@pytest.fixture
def page(chromium, inbox):
    """An open inbox; what the browser complained about is in `page.complaints`."""
    context = chromium.new_context()
    page = context.new_page()
    page.complaints = []
    page.on("console", lambda line: page.complaints.append(line.text))
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.goto(inbox.url)
    yield page
    context.close()


def lines(page):
    return page.locator("#messages > li")


def test_new_mail_appears_by_itself_and_the_focus_stays(inbox, page):
    expect(page.get_by_text("No mail yet")).to_be_visible()
    inbox.send(letter("First"))
    expect(lines(page)).to_have_count(1)
    page.get_by_role("link", name="First").focus()
    inbox.send(letter("Second"))
    expect(lines(page)).to_have_count(2)
    expect(lines(page).first).to_contain_text("Second")
    expect(page.get_by_role("link", name="First")).to_be_focused()
    expect(page.get_by_role("status")).to_have_text("2 messages")
    expect(page.get_by_text("No mail yet")).to_be_hidden()
    assert page.complaints == []


def test_a_line_that_stands_is_not_drawn_again(inbox, page):
    inbox.send(letter("First"))
    expect(lines(page)).to_have_count(1)
    page.evaluate("document.querySelector('#messages > li').marked = true")
    inbox.send(letter("Second"))
    expect(lines(page)).to_have_count(2)
    assert page.evaluate("document.querySelector('#messages > li:last-child').marked")


def test_a_mail_is_opened_by_keyboard_and_its_attachment_downloaded(inbox, page):
    data = "name,age\r\nJoão,14\r\n".encode()
    message = letter(text="Dear Ana,\nit is ready.\n")
    message.add_attachment(data, maintype="text", subtype="csv", filename="João 14.csv")
    inbox.send(message)
    page.get_by_role("link", name="Students by age").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Students by age")).to_be_visible()
    expect(page.get_by_text("it is ready.")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("link", name="João 14.csv").click()
    assert download.value.suggested_filename == "João 14.csv"
    assert download.value.path().read_bytes() == data


def test_no_script_and_no_picture_from_a_mail_reaches_the_browser(inbox, page):
    with socket.create_server(("127.0.0.1", 0)) as spy:
        spy.settimeout(1)
        picture = f"http://127.0.0.1:{spy.getsockname()[1]}/spy.png"
        evil = "<script>top.document.title = document.title = 'stolen'</script>"
        message = letter(evil)
        message.add_alternative(
            f"<h1>Ready</h1>{evil}<img src='{picture}' onerror='{evil[8:-9]}'>"
            f"<meta http-equiv='refresh' content='0;url={picture}'>"
            f"<form action='{inbox.url}/clear' method='post'><button>Press</button></form>",
            subtype="html",
        )
        inbox.send(message)
        page.reload()
        expect(lines(page)).to_have_count(1)
        assert page.title() == "Inbox · Workbook mail"
        page.locator("#messages a").click()
        frame = page.frame_locator("iframe")
        expect(frame.get_by_role("heading", name="Ready")).to_be_visible()
        frame.get_by_role("button", name="Press").click()
        assert "Workbook mail" in page.title()
        page.goto(f"{page.url}/html")  # the same outside its frame
        expect(page.get_by_role("heading", name="Ready")).to_be_visible()
        page.get_by_role("button", name="Press").click()
        assert page.title() == ""
        with pytest.raises(TimeoutError):  # nobody came for the picture
            spy.accept()
    assert len(inbox.messages()) == 1


def test_clearing_asks_before_it_deletes(inbox, page):
    inbox.send(letter())
    page.get_by_role("link", name="Clear all").click()
    page.get_by_role("link", name="Keep them").click()
    expect(lines(page)).to_have_count(1)
    page.get_by_role("link", name="Clear all").click()
    page.get_by_role("button", name="Delete 1 message").click()
    expect(page.get_by_text("No mail yet")).to_be_visible()
    assert inbox.messages() == []


def test_the_page_says_when_the_service_is_gone_and_recovers(chromium, tmp_path):
    first = MailService(tmp_path)
    page = chromium.new_page()
    try:
        first.send(letter("Kept"))
        page.goto(first.url)
        first.stop()
        gone = page.get_by_text("The mail service does not answer")
        expect(gone).to_be_visible()
        expect(lines(page)).to_have_count(1)
        port = int(first.url.rpartition(":")[2])
        first = MailService(tmp_path, ui_port=port)
        expect(page.get_by_role("status")).to_have_text("1 message")
    finally:
        first.stop()
        page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_long_mail_fits_on_a_phone(chromium, inbox, scheme):
    message = letter("A-subject-without-a-space-" * 8, text="x" * 900 + "\n")
    message.replace_header("To", ", ".join(f"pupil{n}@example.com" for n in range(30)))
    message.add_attachment(
        b"x", maintype="text", subtype="csv", filename="n" * 100 + ".csv"
    )
    inbox.send(message)
    context = chromium.new_context(
        viewport={"width": 360, "height": 700}, color_scheme=scheme, is_mobile=True
    )
    page = context.new_page()
    for path in ("/", f"/messages/{inbox.newest()['id']}", "/clear"):
        page.goto(inbox.url + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360
    ink = page.evaluate("getComputedStyle(document.body).color")
    brightness = sum(int(part) for part in re.findall(r"\d+", ink)[:3]) / 3
    assert (brightness > 128) == (scheme == "dark")
    context.close()


def test_without_javascript_the_list_refreshes_itself(chromium, inbox):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(inbox.url)
    inbox.send(letter("Late"))
    expect(page.get_by_role("link", name="Late")).to_be_visible()
    context.close()
