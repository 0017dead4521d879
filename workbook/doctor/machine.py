"""The doctor's questions about the machine. Each answer is (word, sentence)."""

import os
import platform
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

from packaging.markers import Marker

from workbook.refusal import Refusal
from workbook.run.ports import is_free, port_from_env
from workbook.run.redis_server import RedisServer, check_url, hidden
from workbook.setup.bootstrap import OLDEST
from workbook.stages import FOLDERS, ROOT

GROUPS = ("runtime", "dev", "notebooks")
ENOUGH = 500  # MB; the packages alone take about 400
LOCKED = re.compile(r"^([\w.-]+)==(\S+)(?: ; (.*?))? \\$", re.MULTILINE)
Finding = tuple[str, str]


def python() -> Finding:
    version = platform.python_version()
    if sys.version_info < OLDEST:
        return "broken", f"Python {version} is too old: make PYTHON=python3.12 doctor"
    return "ok", f"Python {version}, {platform.system()} {platform.machine()}."


def packages(requirements: Path = ROOT / "requirements") -> Iterator[Finding]:
    """Are the packages those of the lock? Groups that nobody asked for may be missing."""
    for group in GROUPS:
        wanted = LOCKED.findall((requirements / f"{group}.txt").read_text())
        wanted = [
            (n, v) for n, v, marker in wanted if not marker or Marker(marker).evaluate()
        ]
        wrong = [name for name, version in wanted if installed(name) != version]
        if not wrong:
            yield "ok", f"The {len(wanted)} {group} packages are as locked."
        elif group == "runtime" or (ROOT / ".venv" / f".installed-{group}").exists():
            remedy = f"rm .venv/.installed-{group}, then the same command again"
            yield (
                "broken",
                f"{group} packages differ from the lock ({wrong[0]}, …): {remedy}.",
            )
        else:
            yield "note", f"The {group} packages are not installed yet: make test does it."


def installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def disk(folder: Path = ROOT) -> Finding:
    free = shutil.disk_usage(folder).free // 1_000_000
    if free < ENOUGH:
        return "broken", f"{free} MB free on this disk: make room, {ENOUGH} MB are needed."
    return "ok", f"{free // 1000} GB free on this disk."


def chromium() -> Finding:
    named = os.environ.get("CHROMIUM", "")
    found = named or shutil.which("chromium") or shutil.which("google-chrome")
    if found and Path(found).exists():
        return "ok", f"A browser for the browser tests: {found}"
    return "note", (
        f"No Chromium {f'at {named}' if named else 'found'}, the browser tests will be "
        "skipped: install one (apt install chromium), or name it, CHROMIUM=/path/to/it."
    )


def variables() -> Iterator[Finding]:
    """Settings in the environment that stop a first start."""
    env = os.environ
    debug_off = env.get("DJANGO_DEBUG", "1").lower() in ("0", "false", "no", "off")
    if debug_off and not env.get("DJANGO_SECRET_KEY"):
        yield "broken", "DJANGO_DEBUG=0 without DJANGO_SECRET_KEY: set it, or unset both."
    for name in ("CELERY_BROKER_URL", "CELERY_RESULT_BACKEND", "DATABASE_URL"):
        if env.get(name) and "://" not in env[name]:
            yield (
                "broken",
                f"{name}={env[name]} is not an address: scheme://host/…, or unset it.",
            )
    if env.get("DJANGO_SETTINGS_MODULE"):
        yield (
            "note",
            "DJANGO_SETTINGS_MODULE is set: unset it before you run manage.py yourself.",
        )


def redis() -> Finding:
    """Does REDIS_URL answer, or else the bundled server?"""
    url = os.environ.get("REDIS_URL")
    try:
        if url:
            check_url(url)
            return "ok", f"Your own Redis answers: REDIS_URL={hidden(url)}"
        with tempfile.TemporaryDirectory() as folder:
            server = RedisServer(Path(folder))
            try:
                server.start()
            finally:
                server.stop()
        return "ok", "The bundled Redis server starts and answers; each stage gets its own."
    except Refusal as refusal:
        return "broken", str(refusal)


def ports(runs) -> Iterator[Finding]:
    """Are the fixed ports free, or used by our own running stages?"""
    ours = {port: note.name for note in runs for port in note.ports()}
    wanted = [("PORT", 8000 + number, f"stage {number}") for number in FOLDERS]
    if os.environ.get("PORT"):
        wanted = [("PORT", 0, "the web page")]
    wanted += [("SMTP_PORT", 1025, "the local mail server")]
    wanted += [("ROOM_PORT", 8020, "the machine room")]
    wanted += [("MAIL_UI_PORT", 8025, "the mail inbox"), ("FLOWER_PORT", 5555, "Flower")]
    free = []
    for variable, default, purpose in wanted:
        try:
            port = port_from_env(variable, default)
        except Refusal as refusal:
            yield "broken", str(refusal)
            continue
        if port in ours:
            yield "ok", f"Port {port} is used by {ours[port]}, which runs."
        elif is_free(port):
            free.append(str(port))
        else:
            word = "note" if variable == "FLOWER_PORT" else "broken"
            remedy = f"end what runs there, or set {variable}={port + 100}"
            yield word, f"Port {port} ({purpose}) is in use by another program: {remedy}."
    if free:
        yield "ok", f"Free ports: {', '.join(free)}."
