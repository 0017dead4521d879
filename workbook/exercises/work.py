"""What a check may do with a learner's copy: call into it, run its workers, compare."""

import contextlib
import json
import os
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

from workbook import procfile
from workbook.exercises.words import advice
from workbook.processes import Process

INSIDE = Path(__file__).with_name("inside.py")
MOST = 256 * 1024  # bytes of an answer or of printed text that are looked at
KEPT = ("PATH", "LANG", "LC_ALL", "SYSTEMROOT", "VIRTUAL_ENV")  # of our environment


class Unmet(AssertionError):
    """The check found something: the message is for the learner."""


def unmet(what: str, look: str = "", *, wanted=None, got=None):
    lines = [what]
    if wanted is not None or got is not None:
        lines += [f"Expected: {shown(wanted)}", f"Happened: {shown(got)}"]
    if look:
        lines.append(f"Look at:  {look}")
    raise Unmet("\n".join(lines))


def shown(value) -> str:
    text = value if isinstance(value, str) else repr(value)
    text = text.replace("\n", "\\n") or "nothing (an empty text)"
    return text if len(text) <= 200 else f"{text[:200]} ..."


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
        limit=15,
        env=None,
        **kwargs,
    ):
        """Run `function` of the check inside the copy; return what it returns.

        Arguments and answer travel as JSON. Unmet, with the place and the remedy,
        when the learner's code raises, ends the program or takes over `limit` seconds.
        """
        order = {
            "check": str(self.check),
            "function": function.__name__,
            "args": args,
            "kwargs": kwargs,
            "folder": str(self.folder),
            "django": django,
            "database": database,
            "outbox": outbox,
            "limit": limit - 0.5,
            "token": secrets.token_hex(8),
        }
        status, answer, stderr = self._run(order, {**self.env, **(env or {})}, limit)
        if not answer.startswith(order["token"]):
            self._silence(status, stderr, limit)
        found = json.loads(answer.removeprefix(order["token"]))
        if "exit" in found:
            unmet(
                f"Your code ended the program (exit {found['exit']}) while it was loaded "
                "or called.",
                "a call of sys.exit, exit or quit",
            )
        if "error" in found:
            self._explain(found["error"])
        return found["value"]

    def _run(self, order, env, limit):
        reader, writer = os.pipe()
        with (
            tempfile.TemporaryFile(dir=self.scratch) as out,
            tempfile.TemporaryFile(dir=self.scratch) as err,
            tempfile.TemporaryFile(dir=self.scratch) as asked,
        ):
            asked.write(json.dumps(order).encode())
            asked.seek(0)
            child = subprocess.Popen(
                [sys.executable, "-I", "-B", str(INSIDE), str(writer)],
                cwd=self.scratch,
                env=env,
                stdin=asked,
                stdout=out,
                stderr=err,
                pass_fds=(writer,),
                start_new_session=True,
            )
            os.close(writer)
            try:
                status = child.wait(limit)
            except subprocess.TimeoutExpired:
                status = None
            finally:  # what it left running goes with it
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(child.pid, signal.SIGKILL)
                child.wait()
            os.set_blocking(reader, False)
            answer = b""
            with contextlib.suppress(BlockingIOError):
                while len(answer) < MOST and (part := os.read(reader, MOST)):
                    answer += part
            os.close(reader)
            texts = []
            for file in (out, err):
                file.seek(0)
                texts.append(file.read(MOST).decode(errors="replace"))
        self.printed = texts[0]
        return status, answer.decode(errors="replace"), texts[1]

    def _silence(self, status, stderr, limit):
        frames = re.findall(r'File "([^"]+)", line (\d+)', stderr)
        mine = [(f, n) for f, n in frames if f.startswith(f"{self.folder}{os.sep}")]
        look = "a loop without an end, or a wait for something that never comes"
        if status is None:
            if mine:
                path, line = mine[0]
                look = f"{os.path.relpath(path, self.folder)}, line {line}: {look}"
            unmet(f"Your code did not come back within {limit} s.", look)
        how = f"signal {-status}" if status < 0 else f"exit status {status}"
        unmet(
            f"Your code ended the program ({how}) before it gave an answer.",
            "a call of os._exit, os.kill or os.abort, or too much memory asked for",
        )

    def _explain(self, error: dict):
        words = f"{error['type']}: {error['text']}"
        look = ""
        if error["file"]:
            look = f"{error['file']}, line {error['line']}"
            look += f": {error['code']}" if error["code"] else ""
        lines = [f"Your code stopped with an error: {words}"]
        lines += [f"Look at:  {look}"] if look else []
        lines += [f"Remedy:   {help}"] if (help := advice(words)) else []
        raise Unmet("\n".join(lines))

    # --- a real Redis and real workers -------------------------------------------

    def start_redis(self):
        """Start a private Redis; from now on the copy's broker, results and layer use it."""
        from workbook.redis_server import RedisServer  # slow to import, seldom needed

        self.redis = RedisServer(self.scratch)
        self.redis.start()
        self.env["REDIS_URL"] = f"{self.redis.url}/0"
        del self.env["CELERY_BROKER_URL"], self.env["CELERY_RESULT_BACKEND"]

    def start_worker(self, line: str = "worker", options: str = "") -> Process:
        """Start the worker that Procfile.dev of the copy calls `line`; return when ready."""
        try:
            commands = procfile.read(self.folder / "Procfile.dev")
        except (OSError, ValueError) as error:
            unmet(f"Procfile.dev cannot be read: {error}", "Procfile.dev")
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
        deadline = time.monotonic() + timeout
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
