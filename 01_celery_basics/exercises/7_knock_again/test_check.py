"""A real worker, one task at a time, and doors that stay closed for a while."""

import random

FILE = "home/tasks.py, visit"


def visit_offices(closed):
    """Inside the copy: visit three offices; return how it went, in which order."""
    import time

    from celery import current_app
    from django.conf import settings
    from home.tasks import visit

    from attendance.tasks import roll_call

    folder = settings.DATA_DIR
    (folder / "library.txt").write_text(str(closed))
    (folder / "cellar.txt").write_text("1000")
    tasks = {"library": visit.delay("library"), "quick": roll_call.delay()}
    tasks["moon"] = visit.delay("moon")
    tasks["cellar"] = visit.delay("cellar")

    def knocks(office):
        diary = folder / f"{office}.knocks"
        return diary.read_text().count("knock") if diary.exists() else 0

    deadline = time.monotonic() + 15
    while time.monotonic() < deadline and knocks("cellar") < 7:
        if all(result.ready() for result in tasks.values()):
            break
        time.sleep(0.03)
    current_app.control.purge()
    ended = {name: r for name, r in tasks.items() if r.ready()}
    return {
        "states": {name: result.state for name, result in tasks.items()},
        "order": sorted(ended, key=lambda name: ended[name].date_done),
        "knocks": {office: knocks(office) for office in ("library", "cellar")},
    }


def test_the_worker_comes_back_until_the_door_opens(work):
    work.start_redis()
    work.make_tables()
    work.start_worker("worker", options="--pool solo")
    closed = random.choice([2, 3])
    work.seen = seen = work.call(visit_offices, closed, limit=25)
    if seen["knocks"]["library"] == 1:
        work.unmet("The task gave up at the first closed door.", FILE)
    if seen["states"]["library"] != "SUCCESS":
        work.unmet(
            f"The door opened at knock {closed + 1}; the task did not get its answer.",
            FILE,
            wanted="SUCCESS",
            got=seen["states"]["library"],
        )


def test_the_worker_is_free_between_two_knocks(work):
    order = work.seen["order"]
    if "quick" not in order or order.index("quick") > order.index("library"):
        work.unmet(
            "The visit kept the worker: a quick task that was sent later had to wait.",
            f"{FILE}: a sleep in a loop is not a retry",
        )


def test_it_stops_after_four_more_knocks(work):
    knocks = work.seen["knocks"]["cellar"]
    if knocks != 5 or work.seen["states"]["cellar"] != "FAILURE":
        work.unmet(
            f"At a door that stays closed the task knocked {knocks} times.",
            FILE,
            wanted="5 knocks, then FAILURE",
            got=f"{knocks} knocks, {work.seen['states']['cellar']}",
        )


def test_other_errors_are_not_tried_again(work):
    order = work.seen["order"]
    if "moon" not in order or order.index("moon") > order.index("library"):
        work.unmet("The task came back to an office that does not exist.", FILE)
