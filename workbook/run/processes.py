"""Processes under a guard: one that goes on, with its log, or one to its end."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path

import psutil

GUARDED = [sys.executable, "-I", "-S", str(Path(__file__).with_name("guard.py"))]
GRACE = 30  # seconds that a stopping process has for what it is doing
SHORT_GRACE = 2  # seconds; for a command that was to end by itself


class Process:
    """One command in a session of its own, with a log file.

    `on_line(name, line)` is called from a thread for every line of its output.
    """

    def __init__(self, name, command, cwd, env, log: Path, on_line: Callable | None = None):
        self.name = name
        self.command = command  # list of words
        self.cwd = cwd
        self.env = env
        self.log = log
        self.on_line = on_line or (lambda name, line: None)
        self._guard: subprocess.Popen | None = None
        self._reader: threading.Thread | None = None
        self._main: psutil.Process | None = None

    def start(self) -> "Process":
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self._guard = subprocess.Popen(
            [*GUARDED, str(GRACE), *self.command],
            cwd=self.cwd,
            env=self.env,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        self._main = None
        self._reader = threading.Thread(
            target=self._read, args=(self._guard.stdout,), daemon=True
        )
        self._reader.start()
        return self

    def _read(self, stream):
        with stream, self.log.open("ab", buffering=0) as log:
            for raw in stream:
                with contextlib.suppress(OSError):  # a full disk; the terminal has it still
                    log.write(raw)
                self.on_line(self.name, raw.decode(errors="replace").rstrip("\n"))

    @property
    def running(self) -> bool:
        return self._guard is not None and self._guard.poll() is None

    @property
    def status(self) -> int | None:
        """The exit status, 128 + N after signal N; None while it runs."""
        return None if self._guard is None else self._guard.poll()

    @property
    def main(self) -> psutil.Process | None:
        """The command itself, which its guard started; None when it has ended."""
        if not self.running:
            return None
        if self._main is None:
            with contextlib.suppress(psutil.NoSuchProcess, IndexError):
                self._main = psutil.Process(self._guard.pid).children()[0]
        return self._main

    def ask_to_stop(self):
        """Send it SIGTERM and return at once."""
        self._say(b"s")

    def hurry(self):
        """End it now, whatever it is doing."""
        self._say(b"!")

    def _say(self, word: bytes):
        if self.running:
            with contextlib.suppress(OSError, ValueError):  # it has just ended
                os.write(self._guard.stdin.fileno(), word)

    def wait(self, timeout: float | None = None) -> int | None:
        """Wait for its end; return the exit status, None when `timeout` seconds passed."""
        try:
            status = self._guard.wait(timeout)
        except subprocess.TimeoutExpired:
            return None
        self._reader.join(timeout=5)
        self._guard.stdin.close()
        return status

    def stop(self) -> int | None:
        """Stop it: SIGTERM, up to GRACE seconds, then its group. Return the exit status."""
        if self._guard is None:
            return None
        self.ask_to_stop()
        return self.wait(GRACE + 10)

    def read_log(self) -> str:
        return self.log.read_text(errors="replace") if self.log.exists() else ""


def run_within(
    seconds: float, command: list[str], cwd: Path, env: dict[str, str]
) -> subprocess.CompletedProcess:
    """Run `command` to its end; return its status, its output and its errors, as text.

    TimeoutError when it takes longer than `seconds`. However it ends, and if we are
    killed too, nothing that it started is left.
    """
    with tempfile.TemporaryFile("w+") as printed, tempfile.TemporaryFile("w+") as errors:
        with subprocess.Popen(
            [*GUARDED, str(SHORT_GRACE), *command],
            cwd=cwd,
            env=env,
            stdin=subprocess.PIPE,  # closes with this process, and the guard ends all
            stdout=printed,
            stderr=errors,
            start_new_session=True,
        ) as guard:
            try:
                status = guard.wait(seconds)
            except subprocess.TimeoutExpired:
                words = " ".join(command[1:])
                raise TimeoutError(f"{words} took longer than {seconds:g} s.") from None
        printed.seek(0)
        errors.seek(0)
        return subprocess.CompletedProcess(command, status, printed.read(), errors.read())
