"""What a check may do with a learner's copy: call into it, run its workers, compare."""

import os
import sys
import time
import tomllib
from pathlib import Path

from workbook.exercises.checking.calls import call_inside
from workbook.exercises.checking.unmet import unmet
from workbook.exercises.checking.words import advice
from workbook.run import procfile
from workbook.run.processes import Process

PATIENCE = float(os.environ.get("CHECK_PATIENCE", "1"))  # times; for a busy machine
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")  # of our environment


class Work:
    """A learner's copy under test. Each call is a new process with a time limit."""

    def __init__(self, folder: Path, check: Path, scratch: Path):
        self.folder = folder.resolve()
        self.check = check  # the test_check.py whose functions are called inside
        self.scratch = scratch
        self.printed = ""  # what the last call printed
        self.seen = {}  # for a check to keep, from one claim to the next
        self.redis = None  # a RedisServer, once a check asks for one
        self.processes: list[Process] = []
        self.env = {name: os.environ[name] for name in KEPT if name in os.environ}
        self.env |= {
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
            "DATA_DIR": str(scratch / "data"),
            "DATABASE_URL": f"sqlite:///{scratch / 'check.sqlite3'}",
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONUNBUFFERED": "1",
            "CELERY_BROKER_URL": "memory://",
            "CELERY_RESULT_BACKEND": "cache+memory://",
        }
        self.env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{self.env['PATH']}"

    def unmet(self, what: str, look: str = "", *, wanted=None, got=None):
        """End the check: what is not so, where to look, what was expected and happened."""
        unmet(what, look, wanted=wanted, got=got)

    # --- reading --------------------------------------------------------------

    def read(self, path: str) -> str:
        """Return the text of one file of the copy."""
        try:
            return (self.folder / path).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            unmet(f"{path} is missing or is not a text.", "`make reset-N-M` starts afresh")

    def prediction(self, path: str = "prediction.toml") -> dict:
        """Return the learner's answers; Unmet when one is still open."""
        try:
            answers = tomllib.loads(self.read(path))
        except tomllib.TOMLDecodeError as error:
            unmet(f"{path} cannot be read: {error}.", f'{path}: name = "answer", in quotes')
        for name, value in answers.items():
            if "?" in str(value):
                unmet(f"The prediction for {name} is still open.", path)
        return answers

    # --- calling --------------------------------------------------------------

    def call(
        self,
        function,
        *args,
        django=True,
        database=False,
        outbox=True,
        limit=10,
        env=None,
        **kwargs,
    ):
        """Run `function` of the check inside the copy; return what it returns.

        Arguments and answer travel as JSON. Unmet, with the place and the remedy,
        when the learner's code raises, ends the program or takes over `limit` seconds.
        """
        limit *= PATIENCE
        order = {
            "check": str(self.check),
            "function": function.__name__ if function else "",
            "args": args,
            "kwargs": kwargs,
            "folder": str(self.folder),
            "django": django,
            "database": database,
            "outbox": outbox,
            "redis": self.redis is not None,
            "limit": limit - 0.5,
        }
        env = {**self.env, **(env or {})}
        value, self.printed = call_inside(order, env, self.scratch, limit)
        return value

    def make_tables(self):
        """Make the copy's tables in a database of the check's own."""
        self.call(None, database=True)

    # --- a real Redis and real workers -------------------------------------------

    def start_redis(self):
        """Start a private Redis: from now on broker, results and layer are real."""
        from workbook.run.redis_server import RedisServer  # slow to import, seldom needed

        self.redis = RedisServer(self.scratch)
        self.redis.start()
        self.env["REDIS_URL"] = f"{self.redis.url}/0"
        del self.env["CELERY_BROKER_URL"], self.env["CELERY_RESULT_BACKEND"]

    def commands(self) -> dict[str, str]:
        """Return the commands of the copy's Procfile.dev by name."""
        try:
            return procfile.read(self.folder / "Procfile.dev")
        except (OSError, ValueError) as error:
            unmet(f"Procfile.dev cannot be read: {error}", "Procfile.dev")

    def start_worker(self, line: str = "worker", options: str = "") -> Process:
        """Start the copy's worker that Procfile.dev calls `line`; return when ready."""
        commands = self.commands()
        if line not in commands:
            unmet(f"Procfile.dev has no line `{line}:`.", "Procfile.dev")
        extra = f"--without-mingle --without-gossip {options}"
        process = Process(
            line,
            ["sh", "-c", f"exec {commands[line]}"],
            self.folder,
            {**self.env, "WORKER_OPTIONS": extra},
            self.scratch / f"{line}-{len(self.processes)}.log",
        )
        self.processes.append(process.start())
        self.wait_for(
            lambda: "ready." in process.read_log() or not process.running,
            f"The worker `{line}` did not get ready.",
            look="Procfile.dev",
        )
        if not process.running:
            said = [text for text in process.read_log().splitlines() if text.strip()]
            last = said[-1] if said else "nothing"
            unmet(f"The worker `{line}` ended; its last words: {last}", advice(last))
        return process

    def wait_for(self, condition, what: str, timeout: float = 15, look: str = ""):
        """Return the first true value of `condition()`; Unmet with `what` in vain."""
        deadline = time.monotonic() + timeout * PATIENCE
        while not (value := condition()):
            if time.monotonic() > deadline:
                unmet(what, look)
            time.sleep(0.03)
        return value

    def close(self):
        for process in self.processes:
            process.hurry()
        if self.redis:
            self.redis.process.hurry()
        for process in [*self.processes, *([self.redis.process] if self.redis else [])]:
            process.wait(5)
