"""The Dockerfile's layout without Docker: its files, an ordinary user, the Procfile."""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import httpx
import pytest

from workbook.run.ports import HOST, free_port
from workbook.run.processes import Process
from workbook.run.redis_server import RedisServer
from workbook.stages import FOLDERS, ROOT

NOBODY = 65534  # an ordinary user that every Unix has
STAGE = 4


def as_ordinary_user(*words) -> list[str]:
    """Return the command that runs `words` without root's rights.

    The first program is still found with root's rights: let it be `sh`.
    """
    if os.geteuid() != 0:
        return [str(word) for word in words]
    drop = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--"]
    return [*drop, *(str(word) for word in words)]


def python_for_everybody() -> str:
    """A Python that the ordinary user may run, of the Dockerfile's kind: 3.11 or newer."""
    check = "import sys; sys.exit(sys.version_info < (3, 11))"
    for path in (str(Path(sys.executable).resolve()), "/usr/bin/python3"):
        try:
            words = as_ordinary_user("sh", "-c", 'exec "$0" -c "$1"', path, check)
            subprocess.run(words, check=True, cwd="/", capture_output=True)
        except (OSError, subprocess.CalledProcessError):
            continue
        return path
    pytest.skip("no Python 3.11 here that an ordinary user may run")


@pytest.fixture(scope="module")
def app():
    """A folder as the image has it: /app with the lock installed, the script, the stage."""
    app = Path(tempfile.mkdtemp(prefix="app-"))
    app.chmod(0o755)
    ignored = re.findall(r"^\*\*/(\w+)/$", (ROOT / ".dockerignore").read_text(), re.M)
    shutil.copytree(
        ROOT / FOLDERS[STAGE], app / "stage", ignore=shutil.ignore_patterns(*ignored)
    )
    shutil.copy(ROOT / "deploy" / "process.sh", app)
    lock = str(ROOT / "requirements" / "runtime.txt")
    subprocess.run(
        [python_for_everybody(), "-m", "venv", "--without-pip", app / "venv"], check=True
    )
    python = str(app / "venv" / "bin" / "python")
    uv = shutil.which("uv")
    install = [uv, "pip", "install", "--python", python] if uv else []
    install = install or [sys.executable, "-m", "pip", "--python", python, "install"]
    subprocess.run([*install, "--quiet", "--require-hashes", "-r", lock], check=True)
    (app / "data").mkdir()
    if os.geteuid() == 0:
        os.chown(app / "data", NOBODY, NOBODY)
    yield app
    shutil.rmtree(app)


@pytest.fixture(scope="module")
def env(app, tmp_path_factory):
    redis = RedisServer(tmp_path_factory.mktemp("redis"))
    redis.start()
    yield {
        "PATH": f"{app / 'venv' / 'bin'}:/usr/bin:/bin",
        "HOME": str(app / "data"),
        "DATA_DIR": str(app / "data"),
        "PORT": str(free_port()),
        "WEB_HOST": HOST,
        "REDIS_URL": f"{redis.url}/{STAGE}",
        "DJANGO_DEBUG": "0",
        "DJANGO_HTTPS": "0",
        "DJANGO_SECRET_KEY": "a-long-random-text-that-only-this-test-knows-0123456789",
    }
    redis.stop()


def once(app, env, name) -> subprocess.CompletedProcess:
    return subprocess.run(
        as_ordinary_user("sh", app / "process.sh", name),
        cwd=app / "stage",
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.timeout(300)  # it installs the lock
def test_without_its_secret_every_process_stops_with_one_line(app, env):
    bare = {name: value for name, value in env.items() if name != "DJANGO_SECRET_KEY"}
    for name in ("web", "worker", "beat"):
        ended = once(app, bare, name)
        assert ended.returncode != 0
        said = (ended.stdout + ended.stderr).strip().splitlines()
        assert len(said) == 1, said
        assert said[0].startswith("DJANGO_SECRET_KEY is not set")


def test_released_and_started_by_an_ordinary_user_it_serves_and_works(app, env, wait_for):
    released = once(app, env, "release")
    assert released.returncode == 0, released.stderr
    started = []
    try:
        for name in ("web", "worker"):
            words = as_ordinary_user("sh", app / "process.sh", name)
            log = app / "logs" / f"{name}.log"
            started.append(Process(name, words, app / "stage", env, log).start())
        with httpx.Client(
            base_url=f"http://{HOST}:{env['PORT']}", trust_env=False
        ) as client:
            wait_for(lambda: healthy(client), within=60, what="the web to answer")
            style = re.search(
                r'href="([^"]+base[^"]*\.css)"', client.get("/accounts/login/").text
            )
            assert client.get(style[1]).status_code == 200
            assert "classroom" not in client.get("/accounts/login/").text
            sent = client.post("/api/students/by-age/").json()
            wait_for(lambda: client.get(sent["status_url"]).json()["state"] == "SUCCESS")
    finally:
        for process in started:
            process.stop()
    lines = started[1].read_log().splitlines()
    assert any("Task reports.tasks.write_age_report" in line for line in lines)
    owners = {path.stat().st_uid for path in (app / "data").iterdir()}
    assert owners == {NOBODY if os.geteuid() == 0 else os.getuid()}


def healthy(client) -> bool:
    try:
        return client.get("/healthz").status_code == 200
    except httpx.TransportError:
        return False
