"""What the machine room makes of Celery's events."""

import time

import pytest

from workbook.panel.room.tasks import ASKED, KEPT, Tasks


@pytest.fixture
def tasks():
    return Tasks({"slow": ("slowworker", "slow")})


def event(kind, task_id="1", **more):
    now = time.time()
    return {
        "type": f"task-{kind}",
        "uuid": task_id,
        "hostname": "slow@here",
        "timestamp": now,
        **more,
    }


def only(tasks) -> dict:
    _, (task,) = tasks.changed_since()
    return task


@pytest.mark.parametrize(
    ("kinds", "state"),
    [
        (["received"], "waiting"),
        (["received", "started"], "running"),
        (["received", "started", "succeeded"], "done"),
        (["received", "started", "failed"], "failed"),
        (["received", "started", "retried"], "retried"),
        (["received", "revoked"], "revoked"),
        (["received", "rejected"], "rejected"),
    ],
)
def test_a_task_goes_where_its_last_event_puts_it(tasks, kinds, state):
    for kind in kinds:
        tasks.hear(event(kind, name="archive.tasks.fetch_marks"))
    task = only(tasks)
    assert (task["state"], task["name"]) == (state, "archive.tasks.fetch_marks")
    assert (task["worker"], task["queue"]) == ("slowworker", "slow")
    assert tasks.counts[state] == 1


def test_a_task_seen_in_a_queue_is_sent_and_no_event_was_needed(tasks):
    tasks.see_waiting("slow", [("1", "archive.tasks.fetch_marks")])
    assert only(tasks)["state"] == "sent"
    tasks.hear(event("received"))
    tasks.see_waiting("slow", [("1", "archive.tasks.fetch_marks")])  # an older look
    assert only(tasks)["state"] == "waiting"
    assert only(tasks)["sent"]


def test_what_the_broker_gives_out_again_is_told_from_a_retry(tasks):
    for kind in ("received", "started", "received"):
        tasks.hear(event(kind))
    assert only(tasks)["deliveries"] == 2
    tasks.hear(event("retried"))
    tasks.hear(event("received", retries=1))
    assert (only(tasks)["deliveries"], only(tasks)["retries"]) == (1, 1)


def test_only_what_has_changed_is_told_again(tasks):
    tasks.hear(event("received", "1"))
    version, _ = tasks.changed_since()
    tasks.hear(event("received", "2"))
    _, changed = tasks.changed_since(version)
    assert [task["id"] for task in changed] == ["2"]


def test_a_flood_is_counted_and_not_kept(tasks):
    for number in range(5 * KEPT):
        tasks.hear(event("received", str(number)))
    _, kept = tasks.changed_since()
    assert len(kept) == KEPT
    assert tasks.counts["waiting"] == 5 * KEPT
    assert sum(second.get("waiting", 0) for second in tasks.timeline()) == 5 * KEPT


def test_the_timeline_forgets_what_is_older_than_a_minute(tasks):
    old = time.time() - 90
    tasks.hear(event("received", "1", timestamp=old))
    tasks.hear(event("received", "2"))
    assert sum(second.get("waiting", 0) for second in tasks.timeline()) == 1
    assert int(old) not in tasks.seconds


def test_a_task_whose_events_were_missed_does_not_wait_for_ever(tasks, monkeypatch):
    tasks.see_waiting("slow", [("1", "archive.tasks.fetch_marks")])
    tasks.see_waiting("slow", [])
    assert only(tasks)["state"] == "sent"  # its event may still be on its way
    later = time.time() + 6
    monkeypatch.setattr("workbook.panel.room.tasks.time.time", lambda: later)
    tasks.see_waiting("slow", [])
    assert only(tasks)["state"] == "counted"


def test_in_a_flood_what_runs_is_let_go_and_the_rest_counted(tasks):
    tasks.hear(event("started", "1"))
    tasks.hear(event("succeeded", "2"))
    tasks.let_go()
    tasks.count_only(900)
    _, kept = tasks.changed_since()
    assert {one["id"]: one["state"] for one in kept} == {"1": "counted", "2": "done"}
    assert tasks.counts["counted"] == 900


def test_the_child_of_a_running_task_is_asked_for_until_it_is_known(tasks):
    tasks.hear(event("started", "1"))
    tasks.hear(event("started", "2"))
    tasks.hear(event("succeeded", "3"))
    assert tasks.childless() == ["1", "2"]
    tasks.runs_in("1", 4711)
    for _ in range(ASKED):
        assert tasks.childless() == ["2"]
        tasks.runs_in("2", None)
    assert tasks.childless() == []
    _, kept = tasks.changed_since()
    assert [one["child"] for one in kept] == [4711, None, None]
    tasks.hear(event("started", "1"))  # tried again, perhaps by another
    assert tasks.childless() == ["1"]
