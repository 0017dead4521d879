"""`make stage-1` and its machine room: what ends the stage, and what does not."""

import re
import signal
import socket

import httpx

from workbook.run.ports import HOST


def press(run, name: str, act: str) -> dict:
    """Press a button of the machine room, as its page does."""
    room = f"http://{HOST}:{run.room_port}"
    with httpx.Client(base_url=room, trust_env=False, timeout=60) as page:
        token = re.search(r'name="room-token" content="(.+?)"', page.get("/").text)[1]
        headers = {"X-Room-Token": token}
        return page.post(f"/api/processes/{name}/{act}", headers=headers).json()


def state(run) -> dict:
    return httpx.get(f"http://{HOST}:{run.room_port}/api/state", trust_env=False).json()


def test_what_is_ended_in_the_room_does_not_end_the_stage(make, small_tree, wait_for):
    run = make(small_tree, "stage-1").wait_until_ready(wait_for)
    address = f"Machine room: http://{HOST}:{run.room_port}/"
    wait_for(lambda: address in run.text(), what="the room's address")
    assert press(run, "slowworker", "kill")["state"] == "dead"
    assert press(run, "redis", "kill")["state"] == "dead"
    for name in ("redis", "slowworker"):
        assert press(run, name, "start")["state"] == "running"
    wait_for(lambda: state(run)["ready"], what="all to be ready again")
    assert not run.ended
    run.find("celery.*worker.*slow@").send_signal(signal.SIGKILL)  # not in the room
    wait_for(lambda: "slowworker ended" in said(run), what="the room to say so")
    assert run.wait(wait_for) == 1
    wait_for(lambda: not run.processes(), what="every process to be gone")


def said(run) -> str:
    """What the room says of the stage's end; it says it while the rest is being ended."""
    try:
        return state(run)["ending"]
    except httpx.TransportError:
        return "gone"


def test_what_is_frozen_in_the_room_does_not_hold_up_ctrl_c(make, small_tree, wait_for):
    run = make(small_tree, "stage-1", terminal=True).wait_until_ready(wait_for)
    for name in ("slowworker", "web", "redis"):
        assert press(run, name, "freeze")["state"] == "frozen"
    run.press(b"\x03")
    assert run.wait(wait_for, timeout=25) == 0  # seconds; the grace of one would be 30
    wait_for(lambda: not run.processes(), what="every process to be gone")


def test_a_port_of_the_room_that_is_in_use_is_refused(make, small_tree, wait_for):
    with socket.create_server((HOST, 0)) as busy:
        port = busy.getsockname()[1]
        run = make(small_tree, "stage-1", ROOM_PORT=str(port))
        assert run.wait(wait_for) == 1
    assert f"Port {port} (the machine room) is in use: " in run.text()
    assert "ROOM_PORT=" in run.text()
