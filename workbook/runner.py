"""Start a stage, wait until it answers, stop it.

`make stage-N`, the notebooks, the live tests and the benchmarks all come here.
"""

import json
import os
import re
import shlex
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from celery import Celery

from workbook import procfile
from workbook.ports import HOST, Refusal, free_port
from workbook.processes import Process
from workbook.redis_server import RedisServer, check_url
from workbook.stages import ROOT, Stage

READY_TIMEOUT = 60  # seconds; a cold laptop needs about 10
OPT_IN = {"flower": "FLOWER"}  # process name -> the variable that asks for it


class StageRun:
    """One run of one stage. Without ports it takes free ones.

    `state` keeps the run's database, logs, mail and reports. `env` overrides
    variables of the processes; a None removes one.
    """

    def __init__(
        self,
        stage: Stage,
        state: Path,
        *,
        port: int | None = None,
        smtp_port: int | None = None,
        mail_ui_port: int | None = None,
        lines: str = "Procfile.dev",
        env: dict[str, str | None] | None = None,
        reload: bool = False,
        on_line=None,
    ):
        self.stage = stage
        self.state = Path(state).resolve()
        self.on_line = on_line
        self.port = port or free_port()
        self.overrides = dict(env or {})
        self.commands = procfile.read(stage.folder / lines)
        for name, variable in OPT_IN.items():
            if self._outer(variable, "0") in ("", "0"):
                self.commands.pop(name, None)
        self.release = self.commands.pop("release", None)
        self.redis: RedisServer | None = None
        self.inbox: Process | None = None
        self.processes: dict[str, Process] = {}
        self.smtp_port = smtp_port
        self.mail_ui_port = mail_ui_port
        self.own = {"DATA_DIR": str(self.state), "PORT": str(self.port), "WEB_HOST": HOST}
        # Three seconds faster to start: the web alone checks the project, and workers
        # that start together have nothing to tell each other.
        self.own["CELERY_SKIP_CHECKS"] = "true"
        options = f"--without-mingle {self._outer('WORKER_OPTIONS')}".strip()
        self.own["WORKER_OPTIONS"] = options
        self.overrides.pop("WORKER_OPTIONS", None)
        if not reload:
            self.own["WEB_OPTIONS"] = "--noreload"

    def _outer(self, name: str, default: str = "") -> str:
        """A variable as the processes will see it."""
        return self.overrides.get(name, os.environ.get(name)) or default

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def inbox_url(self) -> str:
        return f"http://{HOST}:{self.mail_ui_port}"

    @property
    def environment(self) -> dict[str, str]:
        """What the stage's processes have in their environment."""
        env = {**os.environ, "PYTHONUNBUFFERED": "1", **self.own, **self.overrides}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        return {name: value for name, value in env.items() if value is not None}

    # --- starting -------------------------------------------------------------

    def start(self) -> "StageRun":
        """Start all and return when all answer; Refusal in one line otherwise."""
        self.state.mkdir(parents=True, exist_ok=True)
        for log in self._logs.glob("*.log"):
            log.unlink()
        try:
            self._start_services()
            self._run_release()
            for name in self.commands:
                self.start_process(name)
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self._write_note()
        return self

    @property
    def _logs(self) -> Path:
        return self.state / "logs"

    def _start_services(self):
        outer = self._outer("REDIS_URL")
        if outer:
            check_url(outer)
            has_number = re.search(r"://[^/]+/\d+", outer)
            self.own["REDIS_URL"] = (
                outer if has_number else f"{outer.rstrip('/')}/{self.stage.number}"
            )
            self.overrides.pop("REDIS_URL", None)
        else:
            self.redis = self.redis or RedisServer(self._logs)  # a restart keeps its port
            self.redis.start()
            self.own["REDIS_URL"] = f"{self.redis.url}/{self.stage.number}"
        if self.stage.has_mail and not self._outer("EMAIL_HOST"):
            self.smtp_port = self.smtp_port or free_port()
            self.mail_ui_port = self.mail_ui_port or free_port()
            self.own |= {
                "EMAIL_HOST": HOST,
                "EMAIL_PORT": str(self.smtp_port),
                "SMTP_PORT": str(self.smtp_port),
                "MAIL_UI_PORT": str(self.mail_ui_port),
            }
            self.start_inbox()

    def start_inbox(self):
        """Start the mail inbox on its ports (also after `run.inbox.stop()`)."""
        command = [sys.executable, "-m", "workbook.mail", "--dir", str(self.state / "mail")]
        command += ["--smtp-port", str(self.smtp_port), "--ui-port", str(self.mail_ui_port)]
        log = self._logs / "mail.log"
        self.inbox = Process(
            "mail", command, ROOT, self.environment, log, self.on_line
        ).start()
        self._until(lambda: self._http_ok(f"{self.inbox_url}/api/messages"), [self.inbox])

    def _run_release(self):
        if not self.release:
            return
        log = self._logs / "release.log"
        command = ["sh", "-c", self.release]
        release = Process(
            "release", command, self.stage.folder, self.environment, log, self.on_line
        )
        self.processes["release"] = release.start()
        status = release.wait(READY_TIMEOUT)
        del self.processes["release"]
        if status != 0:
            raise Refusal(
                f"The release step of the stage failed; its log: {self._short(log)}"
            )

    def start_process(self, name: str) -> Process:
        """Start one process of the Procfile (again)."""
        # exec: the process itself, not a shell around it, must get the signal.
        command = ["sh", "-c", f"exec {self.commands[name]}"]
        log = self._logs / f"{name}.log"
        process = Process(
            name, command, self.stage.folder, self.environment, log, self.on_line
        )
        self.processes[name] = process.start()
        return process

    def wait_until_ready(self):
        """Return when the web answers, the broker with it, and every worker."""
        self._until(lambda: self._http_ok(f"{self.url}/healthz"), self.processes.values())
        names = self._worker_names()
        patience = iter([0.2] * 20)  # seconds; a busy machine needs longer
        self._until(
            lambda: names <= self.workers_alive(next(patience, 1.0)),
            self.processes.values(),
        )

    def _worker_names(self) -> set[str]:
        """The names, before the @, that the workers of this run give themselves."""
        found = set()
        for name, command in self.commands.items():
            if procfile.is_worker(command) and name in self.processes:
                given = re.search(r"(?:-n|--hostname)[ =](\S+?)@", command)
                found.add(given[1] if given else "celery")
        return found

    def workers_alive(self, timeout: float = 0.5) -> set[str]:
        """Return the names, before the @, of the workers that answer a ping in time."""
        broker = self._outer("CELERY_BROKER_URL", self.own.get("REDIS_URL", ""))
        with Celery(broker=broker, set_as_current=False) as app:
            try:
                replies = app.control.ping(timeout=timeout, limit=len(self._worker_names()))
            except Exception:
                return set()
        return {node.partition("@")[0] for reply in replies for node in reply}

    def _until(self, condition, processes, timeout: float = READY_TIMEOUT):
        deadline = time.monotonic() + timeout
        while not condition():
            for process in processes:
                if not process.running:
                    self._refuse(process, f"ended with status {process.status}")
            if time.monotonic() > deadline:
                raise Refusal(
                    f"Not ready after {timeout:.0f} s; the logs: {self._short(self._logs)}"
                )
            time.sleep(0.05)

    def _refuse(self, process: Process, what: str):
        process.wait(1)
        lines = [line for line in process.read_log().splitlines() if line.strip()]
        words = lines[-1].strip() if lines else "it said nothing"
        raise Refusal(f"{process.name} {what}: {words} (log: {self._short(process.log)})")

    def _http_ok(self, url: str) -> bool:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        try:
            with opener.open(url, timeout=3) as response:
                return response.status == 200
        except OSError:
            return False

    def _short(self, path: Path) -> str:
        return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else str(path)

    def _write_note(self):
        """Leave a note for `make shell-N` and `make doctor`."""
        note = self.state / "run.json"
        note.touch(mode=0o600)
        note.write_text(json.dumps({"pid": os.getpid(), "env": self.own}))

    # --- while it runs --------------------------------------------------------

    def manage(self, *words: str, timeout: float = 60) -> subprocess.CompletedProcess:
        """Run `manage.py words...` in the run's environment; return its output as text."""
        return subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=self.stage.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )

    def stop_process(self, name: str) -> int | None:
        """Stop one process; what it is doing is finished first. Return its status."""
        return self.processes[name].stop()

    def restart_process(self, name: str):
        self.stop_process(name)
        self.start_process(name)

    def describe(self) -> list[str]:
        """The commands of this run, as in the Procfile."""
        return [
            f"{name}: {shlex.join(shlex.split(text))}"
            for name, text in self.commands.items()
        ]

    # --- stopping -------------------------------------------------------------

    def stop(self):
        """Stop all, the last started first. Running tasks finish."""
        processes = list(reversed(self.processes.values()))
        for process in processes:
            process.ask_to_stop()
        for process in processes:
            process.stop()
        if self.inbox:
            self.inbox.stop()
        if self.redis:
            self.redis.stop()
        (self.state / "run.json").unlink(missing_ok=True)

    def hurry(self):
        """End all processes now; the services follow as in any stop."""
        for process in list(self.processes.values()):
            process.hurry()

    def __enter__(self) -> "StageRun":
        return self.start()

    def __exit__(self, *_):
        self.stop()
