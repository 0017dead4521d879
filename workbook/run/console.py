"""`make stage-N`: one stage in a terminal, until Ctrl-C."""

import os
import select
import signal
import threading
import time

import watchfiles

from workbook.logs.printer import Printer
from workbook.logs.quiet import Quiet
from workbook.panel.room.room import Room
from workbook.refusal import Refusal
from workbook.run import terminal
from workbook.run.notes import read_note
from workbook.run.ports import HOST, port_from_env, require_free
from workbook.run.processes import Process
from workbook.run.readiness import READY_TIMEOUT, short
from workbook.run.stage_run import OPT_IN, StageRun
from workbook.stages import ROOT, Stage

SAME_REQUEST = 1.0  # seconds; make passes on the signal that reached us directly too
KEYBOARD = 0  # standard input
NOT_WATCHED = ("tests", "exercises", "var", "__pycache__")


class StopAsked(Exception):
    """Somebody pressed Ctrl-C, or a signal asks for the end."""


class Console:
    """Runs one stage until it is asked to stop or a process of it dies."""

    def __init__(self, run: StageRun, printer: Printer, room: Room):
        self.run = run
        self.room = room
        self.printer = printer
        self.parent = os.getppid()
        self.closing = threading.Event()
        self.asked_at = float("inf")
        self.listens = os.isatty(KEYBOARD)  # for Enter

    def serve(self) -> int:
        """Return the exit status: 0 after a stop that was asked for."""
        for number in terminal.ENDINGS:
            signal.signal(number, self._first_signal)
        give_back = terminal.take()
        try:
            self.room.open()
            self.run.start(announce=self._say_what_starts)
            self.room.connect()
            self._show_addresses()
            threading.Thread(target=self._watch, daemon=True).start()
            return self._wait()
        except StopAsked:
            return 0
        finally:
            self._stop()
            give_back()

    def _say_what_starts(self):
        names = ", ".join(self.run.commands)
        self.printer.tell(f"{self.run.title}: starting {names} ...")

    def addresses(self) -> list[str]:
        """What one may want to open, a line each; the stage's own page first."""
        lines = [f"{self.run.title} is ready: {self.run.url}/"]
        if self.run.inbox:
            lines.append(f"Mail inbox: {self.run.inbox_url}/")
        lines.append(f"Machine room: {self.room.url}")
        if "flower" in self.run.commands:
            port = os.environ.get("FLOWER_PORT", "5555")
            lines.append(f"Flower: http://{HOST}:{port}/")
        return lines

    def _show_addresses(self):
        more = [] if not self.printer.quiet else [f"All lines: {short(self.run.logs)}/"]
        enter = "Enter shows this again. " if self.listens else ""
        more.append(f"{enter}Ctrl-C stops the stage. A running task finishes first.")
        self.printer.tell("", *self.addresses(), *more, "")

    def _first_signal(self, *_):
        self._listen_for_hurry()
        raise StopAsked

    def _listen_for_hurry(self):
        self.asked_at = min(self.asked_at, time.monotonic())
        for number in terminal.ENDINGS:
            signal.signal(number, self._next_signal)

    def _next_signal(self, *_):
        if time.monotonic() - self.asked_at > SAME_REQUEST:
            self.run.hurry()

    def _stop(self):
        self._listen_for_hurry()
        self.closing.set()
        if self.run.processes:
            self.printer.tell("Stopping: running tasks finish; Ctrl-C again ends them.")
        self.room.say(self.room.picture.ending or "The stage is being stopped.")
        self.run.stop()
        self.room.close()

    def _wait(self) -> int:
        while True:
            if dead := self._dead():
                words = f"ended by itself with status {dead.status}."
                self.room.say(f"{dead.name} {words} That ends the stage.")
                self.printer.say(dead.name, f"{words} Its log: {short(dead.log)}")
                self.printer.tell("A process of the stage has died: ending the rest.")
                return 1
            if terminal.parent_wants_to_end(self.parent):
                return 0
            self._wait_for_enter(0.2)

    def _wait_for_enter(self, seconds: float):
        """Show the addresses again when somebody presses Enter within `seconds`."""
        if not self.listens:
            time.sleep(seconds)
        elif select.select([KEYBOARD], [], [], seconds)[0]:
            try:
                self.listens = bool(os.read(KEYBOARD, 1024))
            except OSError:  # the terminal is gone
                self.listens = False
            if self.listens:
                self._show_addresses()

    def _dead(self) -> Process | None:
        """Return a process that has ended by itself, if there is one."""
        services = [self.run.inbox, self.run.redis and self.run.redis.process]
        for process in (*list(self.run.processes.values()), *services):
            if process and not process.running and process.name not in self.run.excused:
                return process
        return None

    def _watch(self):
        """Restart every process but the web, which reloads itself, when a file is saved."""
        only = watchfiles.PythonFilter()

        def wanted(change, path):
            inside = os.path.relpath(path, self.run.stage.folder).split(os.sep)
            return only(change, path) and not set(inside) & set(NOT_WATCHED)

        for changes in watchfiles.watch(
            self.run.stage.folder, watch_filter=wanted, stop_event=self.closing
        ):
            down = self.room.picture.hands.stopped  # on purpose: they stay down
            names = [name for name in self.run.commands if name not in ("web", *down)]
            path = os.path.relpath(sorted(changes)[0][1], self.run.stage.folder)
            self.printer.tell(f"{path} was saved: restarting {', '.join(names)}.")
            self._restart(names)

    def _restart(self, names):
        self.run.excused.update(names)
        for name in reversed(names):
            self.run.stop_process(name)
        for name in names:
            if not self.closing.is_set():
                self.run.start_process(name)
        deadline = time.monotonic() + READY_TIMEOUT
        while not (self._settled(names) or self.closing.is_set()):
            if time.monotonic() > deadline:
                break
            time.sleep(0.1)
        broken = {name for name in names if self._gave_up(name)}
        if broken:
            who = ", ".join(sorted(broken))
            self.printer.tell(f"{who}: did not start. Mend the file and save it again.")
        self.run.excused.difference_update(set(names) - broken)

    def _gave_up(self, name) -> bool:
        """Whether the process ended by itself, as with a broken file; not by a signal."""
        process = self.run.processes[name]
        return not process.running and process.status < 128

    def _settled(self, names) -> bool:
        """Whether each restarted worker has either ended or answers."""
        alive = self.run.workers_alive()
        nodes = self.run.nodes()
        waiting = [name for name in names if self.run.processes[name].running]
        return {nodes[name] for name in waiting if name in nodes} <= alive


def run_stage(stage: Stage, state: str, kind: type[StageRun] = StageRun) -> int:
    """Run `stage` on its fixed ports, as a run of this kind; return the exit status."""
    port = port_from_env("PORT", stage.default_port)
    require_free(port, "PORT", "the web page")
    mail = {}
    if stage.has_mail and not os.environ.get("EMAIL_HOST"):
        smtp_port = port_from_env("SMTP_PORT", 1025)
        ui_port = port_from_env("MAIL_UI_PORT", 8025)
        require_free(smtp_port, "SMTP_PORT", "the local mail server")
        require_free(ui_port, "MAIL_UI_PORT", "the mail inbox")
        mail = {"smtp_port": smtp_port, "mail_ui_port": ui_port}
    if os.environ.get(OPT_IN["flower"], "0") not in ("", "0"):
        require_free(port_from_env("FLOWER_PORT", 5555), "FLOWER_PORT", f"Flower on {HOST}")
    room_port = port_from_env("ROOM_PORT", 8020)
    require_free(room_port, "ROOM_PORT", "the machine room")
    if len({port, room_port, *mail.values()}) < 2 + len(mail):
        raise Refusal(
            "PORT, SMTP_PORT, MAIL_UI_PORT and ROOM_PORT must be different ports."
        )
    folder = ROOT / "var" / state
    if first := read_note(folder / "run.json"):
        folder = folder.with_name(f"{state}-{port}")
        print(
            f"It runs already, at {first.url}/. This second run shares nothing with it; "
            f"its data are in {short(folder)}/.",
            flush=True,
        )
    loud = os.environ.get("VERBOSE", "0") not in ("", "0")
    quiet = None if loud else Quiet(lambda name: short(folder / "logs" / f"{name}.log"))
    printer = Printer(quiet)
    run = kind(stage, folder, port=port, reload=True, on_line=printer, **mail)
    run.services.own["ROOM_PORT"] = str(room_port)  # for the note: doctor knows it as ours
    return Console(run, printer, Room(run, room_port)).serve()
