"""docker-compose.yml, judged by the real compose program and against the Procfiles."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from workbook.run import procfile
from workbook.stages import FOLDERS, ROOT

FILE = ROOT / "docker-compose.yml"
COMPOSE = Path(sys.executable).with_name("docker-compose")
SERVERS = {"redis", "rabbitmq", "postgres", "mailpit"}


@pytest.fixture(scope="module")
def services():
    return yaml.safe_load(FILE.read_text())["services"]


def complaints(folder) -> str:
    """What compose says against the file in `folder`, with every profile switched on.

    Not judged by the exit status: this build of compose ends with 0 even for a file
    that it refuses. A file that it accepts is printed whole, without a complaint.
    """
    if not COMPOSE.exists():
        pytest.skip("the compose program is packaged for Linux on x86-64 only")
    command = [str(COMPOSE), "--profile", "*", "-f", str(folder / FILE.name), "config"]
    judged = subprocess.run(
        command, capture_output=True, text=True, check=False, timeout=30
    )
    assert bool(judged.stdout) != bool(judged.stderr)
    return judged.stderr


def test_compose_accepts_the_file_with_every_profile():
    assert complaints(ROOT) == ""


@pytest.mark.parametrize(
    ("find", "replace"),
    [
        ("condition: service_healthy", "condition: service_is_healthy"),
        ("    image: postgres", "    imagee: postgres"),
        ("    redis: { condition", "    reddis: { condition"),
        ('volumes: ["redis:/data"]', 'volumes: ["rediss:/data"]'),
        ('"127.0.0.1:5672:5672"', '"127.0.0.1:5672:x5672"'),
        ("interval: 5s", "interval: five"),
        ("${POSTGRES_PASSWORD:-classroom}", "${POSTGRES_PASSWORD:-classroom"),
        ("stop_grace_period: 40s", "stop_grace_period: [40s]"),
        ("services:\n", "services:\n  \tredis2: {}\n"),
    ],
)
def test_compose_rejects_a_broken_file(tmp_path, find, replace):
    text = FILE.read_text()
    assert find in text
    (tmp_path / FILE.name).write_text(text.replace(find, replace, 1))
    assert complaints(tmp_path) != ""


@pytest.mark.parametrize(("number", "folder"), FOLDERS.items())
def test_every_container_of_a_stage_runs_a_line_of_its_procfile(services, number, folder):
    lines = procfile.read(ROOT / folder / "Procfile")
    mine = {name: one for name, one in services.items() if name.endswith(f"-{number}")}
    assert {one["command"][0] for one in mine.values()} == set(lines)
    for name, one in mine.items():
        assert name == f"{one['command'][0]}-{number}"
        assert one["build"]["args"]["STAGE"] == folder
        assert one["profiles"] == [f"stage-{number}"]


def test_nothing_is_published_beyond_this_machine(services):
    ports = [port for one in services.values() for port in one.get("ports", [])]
    assert len(ports) >= 10
    assert all(port.startswith("127.0.0.1:") for port in ports)


def test_each_stage_is_published_on_the_port_that_make_uses(services):
    for number in FOLDERS:
        assert services[f"web-{number}"]["ports"] == [f"127.0.0.1:{8000 + number}:8000"]


def test_every_image_is_pinned_to_a_full_version(services):
    images = {name: services[name]["image"] for name in SERVERS}
    images["python"] = re.search(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.M)[1]
    for image in images.values():
        assert re.fullmatch(r"[a-z/]+:v?\d+(\.\d+)+[a-z0-9.-]*", image), image


def test_every_server_and_every_web_and_worker_has_a_health_check(services):
    without = {name for name, one in services.items() if "healthcheck" not in one}
    expected = {f"{kind}-{number}" for kind in ("release", "beat") for number in FOLDERS}
    assert without == expected | {"flower-4"}


def test_every_variable_of_a_stage_is_one_that_its_settings_read(services):
    for number, folder in FOLDERS.items():
        code = "".join(path.read_text() for path in (ROOT / folder / "config").glob("*.py"))
        lines = " ".join(procfile.read(ROOT / folder / "Procfile").values())
        for name, one in services.items():
            for variable in one["environment"] if name.endswith(f"-{number}") else ():
                mail = number == 1 and variable.startswith(("EMAIL_", "MAIL_"))
                assert (
                    mail
                    or variable in code
                    or f"${variable}" in lines
                    or (f"${{{variable}" in lines)
                ), f"{name}: nothing reads {variable}"


def test_dockerfile_has_no_fault_that_the_linter_knows(tmp_path):
    linter = Path(sys.executable).with_name("hadolint")
    if not linter.exists():
        pytest.skip("hadolint is packaged for Linux and macOS only")

    def lint(path):
        return subprocess.run([linter, path], capture_output=True, text=True, check=False)

    good = lint(ROOT / "Dockerfile")
    assert good.returncode == 0, good.stdout
    broken = tmp_path / "Dockerfile"
    broken.write_text((ROOT / "Dockerfile").read_text().replace("USER 10001", "USER root"))
    assert "DL3002" in lint(broken).stdout


def test_what_the_dockerfile_copies_exists_and_is_let_through():
    text = (ROOT / "Dockerfile").read_text()
    allowed = (ROOT / ".dockerignore").read_text()
    for source in re.findall(r"^COPY (\S+) ", text, re.M):
        if source.startswith("${STAGE}"):
            continue
        assert (ROOT / source).exists()
        assert f"!{source}\n" in allowed


def test_process_script_runs_the_named_line_and_refuses_another(tmp_path):
    (tmp_path / "Procfile").write_text("release: echo one && echo two\nweb: echo $PORT\n")

    def run(name):
        script = ["sh", str(ROOT / "deploy" / "process.sh"), name]
        env = {"PORT": "8000", "PATH": "/usr/bin:/bin"}
        return subprocess.run(
            script, cwd=tmp_path, env=env, capture_output=True, text=True, check=False
        )

    assert run("release").stdout == "one\ntwo\n"
    assert run("web").stdout == "8000\n"
    refused = run("wep")
    assert refused.returncode == 64
    assert refused.stderr == "The Procfile has no process named wep.\n"


def test_units_for_systemd_are_valid_and_run_lines_of_the_procfile(tmp_path):
    lines = procfile.read(ROOT / FOLDERS[4] / "Procfile")
    units = sorted((ROOT / "deploy" / "systemd").glob("*.service"))
    named = {
        re.search(r"^ExecStart=.*process\.sh (\w+)$", u.read_text(), re.M)[1] for u in units
    }
    assert named == set(lines) - {"release", "flower"}
    if not shutil.which("systemd-analyze"):
        pytest.skip("no systemd-analyze here: the units' syntax was not judged")
    for unit in units:
        shutil.copy(unit, tmp_path)
        judged = subprocess.run(
            ["systemd-analyze", "verify", str(tmp_path / unit.name)],
            capture_output=True,
            text=True,
            check=False,
        )
        assert unit.name not in judged.stderr, judged.stderr
