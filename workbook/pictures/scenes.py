"""What is filmed: the machine room, and the page of each stage at work."""

from collections.abc import Callable

from playwright.sync_api import Browser, Page

from workbook.panel.room.room import Room
from workbook.pictures.film import Film
from workbook.run.ports import free_port
from workbook.run.stage_run import StageRun

TYPING = 60  # milliseconds a key


def window(browser: Browser, width: int = 960, height: int = 600) -> Page:
    size = {"width": width, "height": height}
    return browser.new_context(viewport=size, color_scheme="light").new_page()


def log_in(page: Page, run: StageRun, name: str, path: str = "/") -> None:
    page.goto(f"{run.url}/accounts/login/?next={path}")
    page.locator("#id_username").fill(name)
    page.locator("#id_password").fill("classroom")
    page.locator("#id_password").press("Enter")
    page.wait_for_url(f"{run.url}{path}")


def machine_room(browser: Browser, run: StageRun) -> Film:
    """Twenty slow tasks, a child killed in the middle, a worker frozen and thawed."""
    room = Room(run, free_port()).open()
    room.connect()
    page = window(browser, 1280, 860)
    page.goto(room.url)
    page.get_by_text("Everything is ready.").wait_for()
    film = Film(page)

    def press(label: str, seconds: float) -> None:
        page.get_by_role("button", name=label, exact=True).click()
        film.shoot(seconds)

    film.shoot(0.5)
    press("Send twenty slow tasks", 4)
    film.choose()
    press("kill -9 a child: slowworker", 2.5)
    press("Freeze: slowworker", 2)
    press("Thaw: slowworker", 4)
    room.close()
    return film


def wait_or_not(browser: Browser, run: StageRun) -> Film:
    """Stage 1: the same slow job in the request, and as a task."""
    page = window(browser)
    page.goto(run.url)
    page.locator("#job").scroll_into_view_if_needed()
    page.locator("#seconds").fill("2")
    film = Film(page)
    for kind in ("blocking", "task"):
        page.locator(f"#job [value={kind}]").click()
        film.shoot(3)
    film.choose()
    return film


def report_by_mail(browser: Browser, run: StageRun) -> Film:
    """Stage 2: a report is asked for, and opened in the inbox."""
    page = window(browser)
    page.goto(run.url)
    address = page.locator("form[action='/reports/students/email/'] [name=email]")
    address.scroll_into_view_if_needed()
    film = Film(page)
    address.fill("")
    for letter in "ana@example.com":
        address.press_sequentially(letter, delay=TYPING)
        film.take()
    address.press("Enter")
    film.shoot(3)
    page.goto(run.inbox_url)
    film.shoot(1.5)
    page.locator("a[href^='/messages/']").first.click()
    film.shoot(2)
    film.choose()
    return film


def two_talk(browser: Browser, run: StageRun) -> Film:
    """Stage 3: Ana's window while she and Bruno talk."""
    ana, bruno = window(browser), window(browser)
    log_in(ana, run, "ana", "/chat/school/")
    log_in(bruno, run, "bruno", "/chat/school/")
    film = Film(ana)
    film.shoot(1)
    said = (
        (bruno, "Is the report ready?"),
        (ana, "A worker writes it."),
        (bruno, "Thanks!"),
    )
    for page, words in said:
        box = page.locator("#chat-message-input")
        for letter in words:
            box.press_sequentially(letter)
            film.take()
        box.press("Enter")
        film.shoot(1)
    film.choose()
    return film


def job_page(browser: Browser, run: StageRun) -> Film:
    """Stage 4: a job runs, and its page shows how far it is."""
    page = window(browser)
    log_in(page, run, "ana")
    page.locator("[name=rows]").fill("3000")
    page.locator("[name=pause_ms]").fill("2")
    page.locator("[name=pause_ms]").press("Enter")
    card = page.locator(".job").first
    card.evaluate("card => card.scrollIntoView({block: 'center'})")
    film = Film(page)
    film.shoot(4)
    film.choose()
    page.locator(".job .state", has_text="succeeded").wait_for()
    film.shoot(1)
    return film


SCENES: dict[str, tuple[int, Callable[[Browser, StageRun], Film]]] = {
    "machine-room": (1, machine_room),
    "stage-1": (1, wait_or_not),
    "stage-2": (2, report_by_mail),
    "stage-3": (3, two_talk),
    "stage-4": (4, job_page),
}
