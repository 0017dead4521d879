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

    def diary(office):
        file = folder / f"{office}.knocks"
        lines = file.read_text().splitlines() if file.exists() else []
        return [line.split() for line in lines]

    started = time.monotonic()
    while time.monotonic() < started + 15 and len(diary("cellar")) < 7:
        if all(result.ready() for result in tasks.values()):
            break
        if time.monotonic() > started + 4 and len(diary("library")) < 2:
            break  # it does not come back, or only much later
        time.sleep(0.03)
    current_app.control.purge()
    ended = {name: r for name, r in tasks.items() if r.ready()}
    return {
        "states": {name: result.state for name, result in tasks.items()},
        "answer": str(tasks["library"].result),
        "order": sorted(ended, key=lambda name: ended[name].date_done),
        "knocks": {office: len(diary(office)) for office in ("library", "cellar")},
        "waits": waits(diary("library")) + waits(diary("cellar")),
    }


def waits(diary):
    """Return for how many seconds each visit but the first was put off."""
    from datetime import datetime
    from itertools import pairwise

    found = []
    for (before, _), (_, planned) in pairwise(diary):
        at = 0 if planned == "None" else datetime.fromisoformat(planned).timestamp()
        found.append(max(0, at - float(before)))
    return found


def test_the_worker_comes_back_until_the_door_opens(work):
    work.start_redis()
    work.make_tables()
    work.start_worker("worker", options="--pool solo")
    closed = random.choice([2, 3])
    work.seen = seen = work.call(visit_offices, closed, limit=25)
    if seen["knocks"]["library"] == 1 and seen["states"]["library"] == "RETRY":
        work.unmet(
            "The task wants to come back, but not after 0.2 s: Celery's own delay is "
            "three minutes.",
            FILE,
        )
    if seen["knocks"]["library"] == 1:
        work.unmet("The task gave up at the first closed door.", FILE)
    opened = seen["answer"] == "library has opened."
    if seen["states"]["library"] != "SUCCESS" or not opened:
        work.unmet(
            f"The door opened at knock {closed + 1}; the task did not get its answer.",
            FILE,
            wanted="SUCCESS, library has opened.",
            got=f"{seen['states']['library']}, {seen['answer']}",
        )


def test_the_worker_is_free_between_two_knocks(work):
    order = work.seen["order"]
    if "quick" not in order or order.index("quick") > order.index("library"):
        work.unmet(
            "The visit kept the worker: a quick task that was sent later had to wait.",
            f"{FILE}: a sleep in a loop is not a retry",
        )


def test_it_comes_back_after_a_fifth_of_a_second(work):
    waits = work.seen["waits"]
    if not all(0.15 < wait < 0.4 for wait in waits):
        work.unmet(
            "The task comes back, but not after 0.2 s.",
            FILE,
            wanted="0.2 s",
            got=", ".join(f"{wait:.1f} s" for wait in waits),
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
