"""What a check may do with a learner's copy: call into it, run its workers, compare."""

import inspect
import os
import sys
import time
import tomllib
from pathlib import Path

from workbook.exercises.checking.calls import Room, call_inside
from workbook.exercises.checking.unmet import unmet
from workbook.exercises.checking.words import advice
from workbook.exercises.room import looks
from workbook.exercises.room.letterbox import Letterbox
from workbook.run import procfile

KEPT = ("LANG", "LC_ALL", "SYSTEMROOT")  # of our environment


def patience() -> float:
    """How many times the usual limits: a machine may be busy."""
    return float(os.environ.get("CHECK_PATIENCE", "1"))


class Work:
    """A learner's copy under test. Each call is a new process with a time limit."""

    def __init__(self, folder: Path, check: Path, scratch: Path, room: Room):
        self.folder = folder.resolve()
        self.check = check  # the test_check.py whose functions are called inside
        self.scratch = scratch
        self.room = room  # where the learner's code runs
        self.printed = ""  # what the last call printed
        self.seen = {}  # for a check to keep, from one claim to the next
        self.redis = False  # whether there is a real one: a check asks for it
        self.started = 0  # processes
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
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.defpath}",
        }

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
        except (ValueError, RecursionError) as error:
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
        limit *= patience()
        order = {
            "check": inspect.getsourcefile(function) if function else "",
            "function": function.__name__ if function else "",
            "args": args,
            "kwargs": kwargs,
            "folder": str(self.folder),
            "django": django,
            "database": database,
            "outbox": outbox,
            "redis": self.redis,
            "alone": False,
            "limit": limit - 0.5,
        }
        env = {**self.env, **(env or {})}
        value, self.printed = call_inside(self.room, order, env, self.scratch, limit)
        return value

    def look(self, function, *args):
        """Return what `function` of looks.py sees, in a process without the copy."""
        order = {"check": looks.__file__, "function": function.__name__, "args": args}
        order |= {"kwargs": {}, "folder": str(self.folder), "alone": True}
        limit = 10 * patience()
        order |= {"django": False, "limit": limit}
        return call_inside(self.room, order, self.env, self.scratch, limit)[0]

    def queued(self) -> list[dict]:
        """Return the tasks that wait in the check's Redis, as looks.py describes them."""
        return self.look(looks.messages, self.env["REDIS_URL"])

    def rows(self, question: str, *values) -> list[list]:
        """Return what an SQL question finds in the check's database."""
        return self.look(looks.rows, str(self.scratch / "check.sqlite3"), question, values)

    def files(self, folder: str) -> dict[str, str]:
        """Return {name: text} of what lies in a folder of DATA_DIR."""
        return self.look(looks.texts, str(self.scratch / "data" / folder))

    def make_tables(self):
        """Make the copy's tables in a database of the check's own."""
        self.call(None, database=True)

    # --- a real Redis and real workers -------------------------------------------

    def start_redis(self):
        """Start a private Redis: from now on broker, results and layer are real."""
        from workbook.run.ports import free_port  # slow to import, seldom needed
        from workbook.run.redis_server import server_command

        port = free_port()
        words = [*server_command(port, self.scratch), "--loglevel", "notice"]
        look = self.start(words, self.scratch)
        self.wait_for(
            lambda: "Ready to accept connections" in look()["text"], "Redis did not start."
        )
        self.redis = True
        self.env["REDIS_URL"] = f"redis://127.0.0.1:{port}/0"
        for name in ("CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"):
            self.env.pop(name, None)

    def commands(self) -> dict[str, str]:
        """Return the commands of the copy's Procfile.dev by name."""
        try:
            return procfile.read(self.folder / "Procfile.dev")
        except (OSError, ValueError) as error:
            unmet(f"Procfile.dev cannot be read: {error}", "Procfile.dev")

    def start_worker(self, line: str = "worker", options: str = ""):
        """Start the copy's worker that Procfile.dev calls `line`; return when ready."""
        commands = self.commands()
        if line not in commands:
            unmet(f"Procfile.dev has no line `{line}:`.", "Procfile.dev")
        extra = f"--without-mingle --without-gossip {options}"
        words = ["sh", "-c", f"exec {commands[line]}"]
        look = self.start(words, self.folder, WORKER_OPTIONS=extra)
        self.wait_for(
            lambda: "ready." in (seen := look())["text"] or not seen["running"],
            f"The worker `{line}` did not get ready.",
            look="Procfile.dev",
        )
        seen = look()
        if not seen["running"]:
            said = [text for text in seen["text"].splitlines() if text.strip()]
            last = said[-1] if said else "nothing"
            unmet(f"The worker `{line}` ended; its last words: {last}", advice(last))

    def letterbox(self) -> Letterbox:
        """Return a mail server of the check's own, not open yet; its `env` names it."""
        from workbook.run.ports import free_port

        return Letterbox(self, free_port())

    def start(self, words: list[str], cwd: Path, **env):
        """Start a process that runs on in the room.

        Return a function that says, {"running", "text"}, what has become of it.
        """
        self.started += 1
        name = str(self.started)
        env = {**self.env, **env}
        self.room.ask("start", name=name, words=words, cwd=str(cwd), env=env)
        return lambda: self.room.ask("look", name=name)

    def wait_for(self, condition, what: str, timeout: float = 15, look: str = ""):
        """Return the first true value of `condition()`; Unmet with `what` in vain."""
        deadline = time.monotonic() + timeout * patience()
        while not (value := condition()):
            if time.monotonic() > deadline:
                unmet(what, look)
            time.sleep(0.03)
        return value
