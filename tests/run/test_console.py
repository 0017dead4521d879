"""What the console says around a run: the addresses, and that somebody died."""

import os
from pathlib import Path
from types import SimpleNamespace

import pytest

from workbook.logs.printer import Printer
from workbook.run import console as console_module
from workbook.run.console import Console, run_stage
from workbook.run.notes import Note
from workbook.run.ports import free_port
from workbook.stages import ROOT, stage

WEB, ROOM, INBOX = (
    "http://127.0.0.1:8002",
    "http://127.0.0.1:8020/",
    "http://127.0.0.1:8025",
)


class Room:
    """A machine room that only listens."""

    url = ROOM
    said = ""

    def say(self, words):
        self.said = words


@pytest.fixture
def run():
    web = SimpleNamespace(name="web", running=True, status=None, log=Path("web.log"))
    return SimpleNamespace(
        title="Stage 2",
        url=WEB,
        inbox=SimpleNamespace(name="mail", running=True),
        inbox_url=INBOX,
        redis=None,
        logs=Path("logs"),
        commands={"web": "", "flower": ""},
        processes={"web": web},
        excused=set(),
    )


@pytest.fixture
def console(run):
    return Console(run, Printer(None), Room())


def test_all_addresses_are_told_the_stage_s_own_first(console, monkeypatch):
    monkeypatch.setenv("FLOWER_PORT", "5556")
    assert console.addresses() == [
        f"Stage 2 is ready: {WEB}/",
        f"Mail inbox: {INBOX}/",
        f"Machine room: {ROOM}",
        "Flower: http://127.0.0.1:5556/",
    ]


def test_enter_shows_them_again(console, monkeypatch, capsys):
    reading, writing = os.pipe()
    monkeypatch.setattr("workbook.run.console.KEYBOARD", reading)
    console.listens = True
    os.write(writing, b"\n")
    console._wait_for_enter(5)
    os.close(writing)
    console._wait_for_enter(5)  # the terminal is gone: no more listening
    os.close(reading)
    assert capsys.readouterr().out.count(f"Stage 2 is ready: {WEB}/") == 1
    assert not console.listens


def test_of_a_death_it_names_the_process_and_its_log(console, run, capsys):
    run.processes["web"].running, run.processes["web"].status = False, 3
    assert console._wait() == 1
    told = capsys.readouterr().out
    assert "web        | ended by itself with status 3. Its log: web.log" in told
    assert "status 3" in console.room.said


def test_a_second_run_says_where_its_own_data_are(monkeypatch, capsys):
    runs, port = [], free_port()

    class Nothing:
        def __init__(self, run, *_):
            runs.append(run)

        def serve(self):
            return 0

    monkeypatch.setattr(console_module, "Console", Nothing)
    first = Note("stage-1", 1, {"PORT": "8001"})
    monkeypatch.setattr(console_module, "read_note", lambda path: first)
    monkeypatch.setenv("PORT", str(port))
    monkeypatch.setenv("ROOM_PORT", str(free_port()))
    assert run_stage(stage(1), "stage-1") == 0
    assert runs[0].state == ROOT / "var" / f"stage-1-{port}"
    told = capsys.readouterr().out
    assert "runs already, at http://127.0.0.1:8001/" in told
    assert f"its data are in var/stage-1-{port}/." in told
