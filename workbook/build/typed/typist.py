"""Typing what the pages tell their reader to type, and comparing what comes with what
they show.

A `$` line of a ```console block is typed in a terminal of the school, `make` in one of the
workbook; the lines below it are what it must say. A block that begins without `$` is what
the open terminals say by then. A ```pycon block is typed in `manage.py shell`; blocks
between which nothing is edited are one sitting. `...` stands for anything: in a line for a
part of it, alone for any number of lines. `<!-- Ctrl-C: make redis -->` ends what runs.
"""

import re
import shlex
import time
from pathlib import Path

from workbook.build.page import Session
from workbook.build.replay import typist_env
from workbook.build.typed.shown import Shown
from workbook.run.ports import free_port
from workbook.run.processes import Process, run_within
from workbook.waiting import wait_for

# What does not end by itself. The same kind, typed again, ends the one that runs.
STAYS = ("make redis", "make build-run", "runserver", "celery -A config worker")
SERVES = "Starting development server"
PATIENCE = 60  # seconds until what is shown must have come
RELOADING = 0.3  # seconds between two visits of a server that has just noticed an edit
PROMPT = re.compile(r"^(?:>>>|\.\.\.) (.*)$", re.M)
SHELL = """
import code, sys
console, prompt = code.InteractiveConsole(), ">>>"
for line in {lines!r}:
    print(prompt, line, flush=True)
    prompt = "..." if console.push(line) else ">>>"
    sys.stdout.flush()
"""


class Typist:
    """Sits in front of a workbook whose my_work/school/ is replayed step by step."""

    def __init__(self, tree: Path):
        self.tree, self.school = tree, tree / "my_work" / "school"
        self.open: dict[str, Process] = {}  # by their kind
        self.seen: dict[str, int] = {}  # what they had said before the last block
        self.ports = {name: str(free_port()) for name in ("8001", "6379", "5672")}
        self.room = str(free_port())
        self.started = 0
        self.served = 0  # how often the server had begun before the last edit; 0: no edit

    def ours(self, text: str) -> str:
        """Return the text with ports that are free here in the place of the usual ones."""
        for usual, port in self.ports.items():
            text = re.sub(rf"\b{usual}\b", port, text)
        other = f"redis.Redis(port={self.ports['6379']}, "
        return text.replace("redis.Redis(", other).replace(", )", ")")

    def env(self, line: str) -> dict[str, str]:
        env = {**typist_env(), "PYTHONUNBUFFERED": "1", "ROOM_PORT": self.room}
        del env["PYTHONDONTWRITEBYTECODE"]  # a module is compiled once
        env["CURL_HOME"] = str(self.tree)  # no progress bar: this is no terminal
        env["PORT"] = self.ports["6379" if "make redis" in line else "8001"]
        if "make" not in line.split():
            env["REDIS_URL"] = self.ours("redis://127.0.0.1:6379/1")
            if not (self.school / "config" / "celery.py").exists():  # Celery's default
                env["CELERY_BROKER_URL"] = self.ours("amqp://guest:guest@localhost:5672//")
        return env

    def type(self, session: Session) -> list[str]:
        """Type what the block says; return what is not as shown."""
        text = self.ours(session.text)
        if session.kind == "pycon":
            return self._sit_in_the_shell(text)
        first, *commands = re.split(r"^\$ ", text, flags=re.M)
        wrong = [self._until_said(Shown(first))] if first.strip() else []
        if commands:
            self.seen = {name: len(one.read_log()) for name, one in self.open.items()}
        for command in commands:
            line, _, shown = command.partition("\n")
            wrong.append(self._command(line, Shown(shown)))
        return [sentence for sentence in wrong if sentence]

    def _command(self, line: str, shown: Shown) -> str:
        if line.startswith((". .venv", "cd my_work", "python manage.py shell")):
            return ""  # every terminal of ours begins so; the shell opens with its lines
        kind = next((kind for kind in STAYS if kind in line), "")
        if not kind:
            return self._once(line, shown)
        running = self.open.get(kind)
        if not running or running.command[-1] != line or self._changed_since(running):
            self._start(kind, line)
        running = self.open[kind]
        return self._until(lambda: shown.begins(running.read_log()), shown, kind)

    def _changed_since(self, running: Process) -> bool:
        """Whether the file that names the processes is newer than they are."""
        procfile = self.school / "Procfile.dev"
        begun = running.main.create_time() if running.main else 0
        return not procfile.exists() or procfile.stat().st_mtime > begun

    def _start(self, kind: str, line: str):
        self.press_ctrl_c(kind)
        self.seen[kind] = self.served = 0
        folder = self.tree if kind.startswith("make") else self.school
        self.started += 1
        log = self.tree / "var" / "typed" / f"{self.started}.log"
        words = ["bash", "-c", line]
        self.open[kind] = Process(kind, words, folder, self.env(line), log).start()

    def edited(self):
        """The school was edited: a server that runs will notice, and begin again."""
        if server := self.open.get("runserver"):
            self.served = self.served or server.read_log().count(SERVES)

    def _let_reload(self):
        server, before, self.served = self.open.get("runserver"), self.served, 0
        if server and before and "--noreload" not in server.command[-1]:
            wait_for(lambda: server.read_log().count(SERVES) > before, PATIENCE, "a reload")

    def press_ctrl_c(self, kind: str):
        for name in [*self.open] if kind == "all" else [kind]:
            if name in self.open:
                self.open.pop(name).stop()

    def _once(self, line: str, shown: Shown) -> str:
        """A command that ends. A page is visited again while its server reloads."""
        if "curl" in line:
            self._let_reload()
        deadline = time.monotonic() + (PATIENCE if "curl" in line else 0)
        folder = self.tree if line.startswith("make") else self.school
        while True:
            words = ["bash", "-c", f"exec 2>&1; {line}"]
            said = run_within(PATIENCE, words, folder, self.env(line)).stdout
            if shown.is_all_of(said):
                return ""
            if time.monotonic() > deadline:
                return f"`{line}` shows {shown.text!r} on the page, and says {said!r}"
            time.sleep(RELOADING)

    def _sit_in_the_shell(self, text: str) -> list[str]:
        code = SHELL.format(lines=PROMPT.findall(text))
        line = f"python manage.py shell -v 0 -c {shlex.quote(code)}"
        said = self._once(line, Shown(text))
        return [said.replace(line, "python manage.py shell")] if said else []

    def _until_said(self, shown: Shown) -> str:
        def said() -> bool:
            logs = [one.read_log()[self.seen.get(n, 0) :] for n, one in self.open.items()]
            return any(shown.is_in(log) for log in logs)

        return self._until(said, shown, ", ".join(self.open))

    def _until(self, said, shown: Shown, who: str) -> str:
        deadline = time.monotonic() + PATIENCE
        while not said():
            ended = who in self.open and not self.open[who].running
            if ended or time.monotonic() > deadline:
                logs = "\n".join(one.read_log()[-1500:] for one in self.open.values())
                return f"{who}: {shown.text!r} is on the page, and there came: {logs}"
            time.sleep(0.1)
        return ""
