"""Start a stage, wait until it answers, stop it.

`make stage-N`, the notebooks, the live tests and the benchmarks all come here.
"""

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from workbook.refusal import Refusal
from workbook.run import procfile, readiness, variables
from workbook.run.processes import Process, run_within
from workbook.run.redis_server import RedisServer
from workbook.run.services import Services, discard_broken_schedule
from workbook.setup.bootstrap import LITTLE, disk_is_full
from workbook.stages import Stage

OPT_IN = {"flower": "FLOWER"}  # process name -> the variable that asks for it


class StageRun:
    """One run of one stage: `StageRun(stage(1), folder).start()`, later `.stop()`.

    `state` keeps the run's database, logs, mail and reports. `lines` is the file
    that names the processes; with `only`, no others than these are started. `env`
    overrides variables of the processes; a None removes one. The other options are
    those of Services.
    """

    def __init__(
        self,
        stage: Stage,
        state: Path,
        *,
        lines: str = "Procfile.dev",
        only: tuple[str, ...] = (),
        **options,
    ):
        self.stage = stage
        self.services = Services(stage, state, **options)
        self.state, self.logs = self.services.state, self.services.logs
        self.commands = procfile.read(stage.folder / lines)
        for name, variable in OPT_IN.items():
            if self.services.outer(variable, "0") in ("", "0"):
                self.commands.pop(name, None)
        self.release = self.commands.pop("release", None)
        if only:
            self.commands = {name: self.commands[name] for name in only}
        self.processes: dict[str, Process] = {}
        # Names of what may be down: restarting, broken by a save, ended on purpose.
        self.excused: set[str] = set()

    # --- what it stands on ----------------------------------------------------

    @property
    def title(self) -> str:
        """How the terminal calls it."""
        return f"Stage {self.stage.number}"

    @property
    def port(self) -> int:
        return self.services.port

    @property
    def url(self) -> str:
        return self.services.url

    @property
    def environment(self) -> dict[str, str]:
        """What the stage's processes have in their environment."""
        return self.services.environment

    @property
    def redis(self) -> RedisServer | None:
        """The run's own Redis server; None when REDIS_URL names another."""
        return self.services.redis

    @property
    def redis_url(self) -> str:
        return self.services.redis_url

    @property
    def broker(self) -> str:
        """The address of the broker."""
        return self.services.broker

    @property
    def inbox(self) -> Process | None:
        """The process of the local mail inbox; None for a stage without mail."""
        return self.services.inbox

    @property
    def inbox_url(self) -> str:
        return self.services.inbox_url

    # --- starting -------------------------------------------------------------

    def start(self, announce=lambda: None) -> "StageRun":
        """Start all and return when all answer; Refusal in one line otherwise.

        `announce()` is called when nothing stands in the way of the start any more.
        """
        self.state.mkdir(parents=True, exist_ok=True)
        if shutil.disk_usage(self.state).free < LITTLE:
            raise Refusal(disk_is_full(readiness.short(self.state)))
        for log in self.logs.glob("*.log"):
            log.unlink()
        discard_broken_schedule(self.state)
        try:
            self.services.start()
            announce()
            self._run_release()
            for name in self.commands:
                self.start_process(name)
            self.wait_until_ready()
        except BaseException:
            self.stop()
            raise
        self.write_note()
        return self

    def _process(self, name: str, command: str) -> Process:
        log = self.logs / f"{name}.log"
        words = ["sh", "-c", command]
        on_line = self.services.on_line
        return Process(name, words, self.stage.folder, self.environment, log, on_line)

    def _run_release(self):
        if not self.release:
            return
        release = self.processes["release"] = self._process("release", self.release)
        status = release.start().wait(readiness.READY_TIMEOUT)
        del self.processes["release"]
        if status != 0:
            said = release.read_log().strip().splitlines() or ["it said nothing"]
            log = readiness.short(release.log)
            raise Refusal(
                f"The release step of the stage failed: {said[-1]}\nAll of it: {log}"
            )

    def start_process(self, name: str) -> Process:
        """Start one process of the Procfile (again)."""
        # exec: the process itself, not a shell around it, must get the signal.
        process = self._process(name, f"exec {self.commands[name]}")
        self.processes[name] = process.start()
        return process

    def answers(self) -> bool:
        """Whether the web answers, and the broker with it."""
        return readiness.http_ok(f"{self.url}/healthz")

    def wait_until_ready(self):
        """Return when the web answers, the broker with it, and every worker."""
        self._until(self.answers)
        wanted = {node for name, node in self.nodes().items() if name in self.processes}
        patience = iter([0.2] * 20)  # seconds; a busy machine needs longer
        self._until(lambda: wanted <= self.workers_alive(next(patience, 1.0)))

    def _until(self, condition):
        readiness.wait_until(condition, self.processes.values(), self.logs)

    def nodes(self) -> dict[str, str]:
        """The workers' node names, before the @, by their names in the Procfile."""
        found = {name: procfile.node_of(text) for name, text in self.commands.items()}
        return {name: node for name, node in found.items() if node}

    def workers_alive(self, timeout: float = 0.5) -> set[str]:
        """Return the nodes, before the @, that answer a ping in time."""
        expected = sum(name in self.processes for name in self.nodes())
        return readiness.workers_alive(self.broker, expected, timeout)

    def write_note(self):
        """Leave a note for `make shell-N` and `make doctor`."""
        note = self.state / "run.json"
        note.touch(mode=0o600)
        # What was set by who started it, and who opens the shell may have not.
        env = {**variables.of_a_run(), **self.services.given}
        note.write_text(json.dumps({"pid": os.getpid(), "env": env}))

    # --- while it runs --------------------------------------------------------

    def manage(self, *words: str, timeout: float = 60) -> subprocess.CompletedProcess:
        """Run `manage.py words...` in the run's environment; return its output as text."""
        command = [sys.executable, "manage.py", *words]
        return run_within(timeout, command, self.stage.folder, self.environment)

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
        self.services.stop()
        (self.state / "run.json").unlink(missing_ok=True)

    def hurry(self):
        """End all processes now; the services follow as in any stop."""
        for process in list(self.processes.values()):
            process.hurry()

    def __enter__(self) -> "StageRun":
        return self.start()

    def __exit__(self, *_):
        self.stop()
