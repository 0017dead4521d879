"""`make stage-1` as a person types it, in a copy of the repository."""

import os
import pty
import re
import shutil
import signal
import subprocess
import uuid
from pathlib import Path

import httpx
import psutil

from workbook.run.ports import free_port
from workbook.stages import FOLDERS, ROOT, with_sockets

PARTS = ("Makefile", "pyproject.toml", "requirements", "workbook", FOLDERS[1])
SETTINGS = [f"{FOLDERS[number]}/config/settings.py" for number in with_sockets()]
MARK = "WORKBOOK_TEST_MARK"
# Compiled modules come along: each copy would compile a thousand of its own.
LEFT_OUT = shutil.ignore_patterns("var", "*.sqlite3*")
# The promises about stopping need a web and a worker, and get them quicker.
SMALL = ("web", "slowworker")
RELEASE = "release: python manage.py migrate --no-input\n"
# What the slow task of the small copy does at its end, so that its end is seen.
FINISHED = "finished.txt"
LEAVE_A_FILE = f"""
    from django.conf import settings
    (settings.DATA_DIR / "{FINISHED}").touch()
    return"""


def copy_of_the_tree(folder: Path, small: bool = False) -> Path:
    """Copy what stage 1 needs to `folder`; the installed packages are shared."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in PARTS:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=LEFT_OUT)
        else:
            shutil.copy2(ROOT / name, folder / name)
    for name in SETTINGS:  # the doctor reads them
        (folder / name).parent.mkdir(parents=True)
        shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    if small:
        procfile = folder / "01_celery_basics" / "Procfile.dev"
        lines = procfile.read_text().splitlines(keepends=True)
        wanted = [line for line in lines if line.startswith(SMALL)]
        procfile.write_text(RELEASE + "".join(wanted))
        marks = folder / "01_celery_basics" / "archive" / "marks.py"
        before, last, after = marks.read_text().rpartition("\n    return")
        assert last
        marks.write_text(before + LEAVE_A_FILE + after)
    return folder


class Make:
    """One `make ...`, its output in a file, its processes known by a mark.

    With `terminal` it runs as the foreground job of a terminal of its own.
    """

    def __init__(self, tree: Path, *words: str, terminal: bool = False, **env: str):
        self.tree = tree
        self.mark = uuid.uuid4().hex
        self.port = int(env["PORT"]) if env.get("PORT", "").isdecimal() else free_port()
        self.room_port = int(env.get("ROOM_PORT", free_port()))
        ports = {"PORT": str(self.port), "ROOM_PORT": str(self.room_port)}
        self.env = {**os.environ, **ports, **env, MARK: self.mark}
        for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "WORK", "NO_COLOR"):
            self.env.pop(name, None)
        if "REDIS_URL" not in env:
            self.env.pop("REDIS_URL", None)
        self.output = tree / f"output-{self.mark}.txt"
        self.master = None
        words = ("make", "--no-print-directory", *words)
        with self.output.open("wb") as file:
            self.make = self._in_terminal(words) if terminal else self._start(words, file)

    def _start(self, words, file):
        return subprocess.Popen(
            words,
            cwd=self.tree,
            env=self.env,
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def _in_terminal(self, words):
        child, self.master = pty.fork()
        if child == 0:
            os.chdir(self.tree)
            os.execvpe("make", words, self.env)
        os.set_blocking(self.master, False)
        return psutil.Process(child)

    def text(self) -> str:
        """Everything that was printed until now."""
        if self.master is not None:
            try:
                while chunk := os.read(self.master, 65536):
                    with self.output.open("ab") as file:
                        file.write(chunk)
            except OSError:
                pass  # nothing to read now, or the terminal is closed
        return self.output.read_text(errors="replace")

    def press(self, keys: bytes):
        os.write(self.master, keys)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def get(self, path: str):
        return httpx.get(self.url + path, timeout=60, trust_env=False)

    def post(self, path: str, **json):
        return httpx.post(self.url + path, json=json, timeout=60, trust_env=False)

    @property
    def is_ready(self) -> bool:
        return f"Stage 1 is ready: {self.url}/" in self.text()

    def wait_until_ready(self, wait_for) -> "Make":
        wait_for(lambda: self.is_ready or self.ended, what="the ready line")
        assert self.is_ready, self.text()
        return self

    @property
    def ended(self) -> bool:
        if self.master is not None:
            return self.make.status() == psutil.STATUS_ZOMBIE
        return self.make.poll() is not None

    def wait(self, wait_for, timeout=60) -> int:
        """Wait for the end of make; return its exit status."""
        wait_for(lambda: self.text() and self.ended, timeout, what="the end of make")
        self.text()
        return self.make.wait(5)

    def processes(self) -> list[psutil.Process]:
        """Every living process of this run, wherever it hangs.

        Known by the inherited mark; the Redis server, which writes its title over
        its environment, by the folder it runs in.
        """
        return [process for process in psutil.process_iter() if self._is_ours(process)]

    def _is_ours(self, process) -> bool:
        try:
            ours = process.environ().get(MARK) == self.mark
            ours = ours or Path(process.cwd()).is_relative_to(self.tree / "var")
            return ours and process.status() != psutil.STATUS_ZOMBIE
        except psutil.Error:
            return False

    def find(self, pattern: str) -> psutil.Process:
        """The oldest process whose command line matches; guards are not meant."""
        found = [
            process
            for process in self.processes()
            if re.search(pattern, " ".join(process.cmdline()))
            and "guard.py" not in " ".join(process.cmdline())
        ]
        assert found, f"no process like {pattern}"
        return min(found, key=lambda process: (process.create_time(), process.pid))

    @property
    def launcher(self) -> psutil.Process:
        return self.find(r"-m workbook stage")

    def kill_all(self):
        """For the end of a test, whatever happened in it."""
        for process in self.processes():
            process.send_signal(signal.SIGKILL)
        self.make.wait(10)
        if self.master is not None:
            os.close(self.master)
