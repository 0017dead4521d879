"""What a run of a stage stands on: its ports, its environment, Redis and the mail inbox."""

import os
import re
import shelve
import sys
from pathlib import Path

from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process
from workbook.run.readiness import http_ok, wait_until
from workbook.run.redis_server import RedisServer, check_url
from workbook.stages import ROOT, Stage

SCHEDULE = "celerybeat-schedule"  # beat's file


class Services:
    """Ports, environment, Redis and inbox of one run. Without ports it takes free ones."""

    def __init__(
        self,
        stage: Stage,
        state: Path,
        *,
        port: int | None = None,
        smtp_port: int | None = None,
        mail_ui_port: int | None = None,
        env: dict[str, str | None] | None = None,
        reload: bool = False,
        on_line=None,
    ):
        self.stage = stage
        self.state = Path(state).resolve()
        self.logs = self.state / "logs"
        self.on_line = on_line
        self.port = port or free_port()
        self.smtp_port = smtp_port
        self.mail_ui_port = mail_ui_port
        self.overrides = dict(env or {})
        self.redis: RedisServer | None = None
        self.inbox: Process | None = None
        self.own = {"DATA_DIR": str(self.state), "PORT": str(self.port), "WEB_HOST": HOST}
        # Three seconds faster to start: the web alone checks the project, and workers
        # that start together have nothing to tell each other.
        self.own["CELERY_SKIP_CHECKS"] = "true"
        options = f"--without-mingle {self.outer('WORKER_OPTIONS')}".strip()
        self.own["WORKER_OPTIONS"] = options
        self.overrides.pop("WORKER_OPTIONS", None)
        if not reload:
            self.own["WEB_OPTIONS"] = "--noreload"

    def outer(self, name: str, default: str = "") -> str:
        """A variable as the processes will see it."""
        return self.overrides.get(name, os.environ.get(name)) or default

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.port}"

    @property
    def inbox_url(self) -> str:
        return f"http://{HOST}:{self.mail_ui_port}"

    @property
    def redis_url(self) -> str:
        """The address of the Redis of this run, once it is started."""
        return self.own.get("REDIS_URL", "")

    @property
    def broker(self) -> str:
        """The address of the broker."""
        return self.outer("CELERY_BROKER_URL", self.redis_url)

    @property
    def given(self) -> dict[str, str | None]:
        """The variables that this run sets for its processes; a None removes one."""
        return {**self.own, **self.overrides}

    @property
    def environment(self) -> dict[str, str]:
        """What the stage's processes have in their environment."""
        env = {**os.environ, "PYTHONUNBUFFERED": "1", **self.given}
        env.pop("DJANGO_SETTINGS_MODULE", None)
        env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
        return {name: value for name, value in env.items() if value is not None}

    def start(self):
        """Start Redis and the inbox, or use those that the environment names."""
        foreign = self.outer("REDIS_URL")
        if foreign:
            check_url(foreign)
            if not re.search(r"://[^/]+/\d+", foreign):
                foreign = f"{foreign.rstrip('/')}/{self.stage.number}"
            self.own["REDIS_URL"] = foreign
            self.overrides.pop("REDIS_URL", None)
        else:
            self.redis = self.redis or RedisServer(self.logs)  # a restart keeps its port
            self.redis.start()
            self.own["REDIS_URL"] = f"{self.redis.url}/{self.stage.number}"
        if self.stage.has_mail and not self.outer("EMAIL_HOST"):
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
        """Start the mail inbox on its ports (also after `inbox.stop()`)."""
        command = [sys.executable, "-m", "workbook.mail", "--dir", str(self.state / "mail")]
        command += ["--smtp-port", str(self.smtp_port), "--ui-port", str(self.mail_ui_port)]
        log = self.logs / "mail.log"
        self.inbox = Process("mail", command, ROOT, self.environment, log, self.on_line)
        self.inbox.start()
        messages = f"{self.inbox_url}/api/messages"
        wait_until(lambda: http_ok(messages), [self.inbox], self.logs)

    def stop(self):
        for service in (self.inbox, self.redis):
            if service:
                service.stop()


def is_sound(schedule: Path) -> bool:
    """Whether all of beat's memory of when it last sent what can be read."""
    try:
        with shelve.open(str(schedule), flag="r") as memory:
            return "entries" in dict(memory)
    except Exception:  # whatever the machine's kind of database makes of it
        return False


def discard_broken_schedule(state: Path):
    """Remove a schedule that would end every start; beat begins a new one."""
    files = list(state.glob(f"{SCHEDULE}*"))
    if files and not is_sound(state / SCHEDULE):
        for file in files:
            file.unlink(missing_ok=True)
