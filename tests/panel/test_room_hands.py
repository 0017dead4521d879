"""The hands of the machine room on a stage that runs, through its addresses."""

import json
import re
import time

import httpx
import psutil
import pytest

from workbook.panel.room.room import Room
from workbook.run.ports import free_port


class Visitor:
    """Somebody at the page, as a program: reads the state, presses the buttons."""

    def __init__(self, run, room, wait_for):
        self.run, self.wait_for = run, wait_for
        self.web = httpx.Client(base_url=room.url, trust_env=False, timeout=60)
        wait_for(lambda: self.state()["ready"], what="the room to say that it is ready")
        page = self.web.get("/").text
        self.token = re.search(r'name="room-token" content="(.+?)"', page)[1]

    def state(self) -> dict:
        try:
            return self.web.get("/api/state").raise_for_status().json()
        except httpx.TransportError:
            return {"ready": False}

    def process(self, name: str) -> dict:
        return next(one for one in self.state()["processes"] if one["name"] == name)

    def press(self, name: str, act: str) -> dict:
        headers = {"X-Room-Token": self.token}
        return self.web.post(f"/api/processes/{name}/{act}", headers=headers).json()

    def start_again(self, name: str) -> None:
        self.press(name, "start")
        self.wait_for(lambda: self.state()["ready"], what=f"{name} to be ready")

    def send(self, seconds: float = 0) -> str:
        answer = httpx.post(
            f"{self.run.url}/slow/task/",
            json={"seconds": seconds},
            trust_env=False,
            timeout=60,
        )
        return answer.json()["task_id"]

    def task(self, task_id: str) -> dict:
        return next((one for one in self.state()["tasks"] if one["id"] == task_id), {})


@pytest.fixture(scope="module")
def at_the_room(start_stage, wait_for):
    run = start_stage(1)
    room = Room(run, free_port()).open()
    room.connect()
    yield Visitor(run, room, wait_for)
    room.close()


def test_the_state_names_what_runs_and_what_it_costs(at_the_room):
    state = at_the_room.state()
    assert state["stage"] == 1
    names = [one["name"] for one in state["processes"]]
    assert names == ["web", "worker", "slowworker", "beat", "redis"]
    assert {one["state"] for one in state["processes"]} == {"running"}
    assert state["queues"] == {"default": 0, "slow": 0}
    worker = at_the_room.process("slowworker")
    assert "celery" in " ".join(psutil.Process(worker["pid"]).cmdline())
    assert len(worker["children"]) == 2
    assert worker["memory"] > 10_000_000


def test_a_task_travels_from_the_queue_to_done(at_the_room, wait_for):
    visitor = at_the_room
    assert visitor.press("slowworker", "stop")["state"] == "stopped"
    task_id = visitor.send()
    wait_for(lambda: visitor.task(task_id).get("state") == "sent", what="it to wait")
    assert visitor.task(task_id)["queue"] == "slow"
    assert visitor.state()["queues"]["slow"] == 1
    assert not visitor.state()["ready"]
    visitor.start_again("slowworker")
    wait_for(lambda: visitor.task(task_id)["state"] == "done", what="it to be done")
    task = visitor.task(task_id)
    assert task["name"].endswith("fetch_marks")
    assert task["worker"] == "slowworker"
    assert task["sent"] <= task["started"] <= task["ended"]


def test_a_running_task_is_shown_where_it_runs(at_the_room, wait_for):
    task_id = at_the_room.send(seconds=4)
    wait_for(lambda: at_the_room.task(task_id).get("state") == "running", what="it to run")
    assert at_the_room.task(task_id)["worker"] == "slowworker"
    wait_for(lambda: at_the_room.task(task_id)["child"], what="its child to be known")
    children = at_the_room.process("slowworker")["children"]
    assert at_the_room.task(task_id)["child"] in children
    wait_for(lambda: at_the_room.task(task_id)["state"] == "done", what="its end")


@pytest.mark.parametrize("name", ["web", "slowworker", "beat", "redis"])
def test_what_is_killed_is_dead_until_it_is_started(at_the_room, name):
    before = at_the_room.process(name)
    now = at_the_room.press(name, "kill")
    assert (now["state"], now["pid"], now["children"]) == ("dead", None, [])
    for pid in (before["pid"], *before["children"]):
        assert not psutil.pid_exists(pid)
    assert name in at_the_room.run.excused
    at_the_room.start_again(name)
    assert at_the_room.process(name)["pid"] != before["pid"]
    assert name not in at_the_room.run.excused


@pytest.mark.parametrize("name", ["web", "slowworker", "beat", "redis"])
def test_what_is_frozen_waits_until_it_is_thawed(at_the_room, name):
    assert at_the_room.press(name, "freeze")["state"] == "frozen"
    assert not at_the_room.state()["ready"]
    assert at_the_room.press(name, "thaw")["state"] == "running"
    at_the_room.wait_for(lambda: at_the_room.state()["ready"], what="ready")


def test_a_frozen_process_can_be_stopped(at_the_room):
    at_the_room.press("slowworker", "freeze")
    started = time.monotonic()
    assert at_the_room.press("slowworker", "stop")["state"] == "stopped"
    assert time.monotonic() - started < 25  # seconds; its grace would be 30
    at_the_room.start_again("slowworker")


def test_a_killed_child_is_replaced_by_its_pool(at_the_room, wait_for):
    before = at_the_room.process("slowworker")
    now = at_the_room.press("slowworker", "kill-child")
    assert (now["state"], now["pid"]) == ("running", before["pid"])
    wait_for(
        lambda: (
            len(at_the_room.process("slowworker")["children"]) == 2
            and at_the_room.process("slowworker")["children"] != before["children"]
        ),
        what="another child",
    )
    assert "slowworker" not in at_the_room.run.excused


def test_two_people_press_the_same_button(at_the_room):
    at_the_room.press("beat", "stop")
    at_the_room.press("beat", "stop")
    first = at_the_room.press("beat", "start")
    second = at_the_room.press("beat", "start")
    assert first["pid"] == second["pid"]
    at_the_room.wait_for(lambda: at_the_room.state()["ready"], what="ready")


def test_twenty_slow_tasks_are_sent_through_the_web(at_the_room, wait_for):
    before = at_the_room.state()["counts"]["waiting"]
    answer = at_the_room.web.post(
        "/api/twenty", headers={"X-Room-Token": at_the_room.token}
    )
    assert answer.json() == {"sent": 20}
    wait_for(
        lambda: at_the_room.state()["counts"]["waiting"] >= before + 8,
        what="a worker to take some",
    )


def test_who_watches_is_told_what_changes(at_the_room):
    with at_the_room.web.stream("GET", "/events") as stream:
        assert stream.headers["Content-Type"].startswith("text/event-stream")
        told = (
            json.loads(line[6:]) for line in stream.iter_lines() if line[:6] == "data: "
        )
        assert next(told)["stage"] == 1
        at_the_room.press("beat", "freeze")
        deadline = time.monotonic() + 30
        for now in told:
            beat = next(one for one in now["processes"] if one["name"] == "beat")
            if beat["state"] == "frozen":
                break
            assert time.monotonic() < deadline
    at_the_room.press("beat", "thaw")
