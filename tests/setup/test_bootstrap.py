"""`make` on a bare clone: the packages arrive with uv, or with pip when uv cannot."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile

import pytest

from workbook.stages import ROOT

# Stands for a uv that makes an environment, but does not reach the package index.
UV = f"""#!/bin/sh
case "$1" in
  venv) for last; do :; done; exec {sys.executable} -m venv --without-pip "$last" ;;
  *) echo "error: client error (Connect)"; exit 1 ;;
esac
"""


@pytest.fixture
def clone(tmp_path):
    """A folder with the bootstrap and one short list of packages: none."""
    (tmp_path / "workbook" / "setup").mkdir(parents=True)
    script = "workbook/setup/bootstrap.py"
    shutil.copy(ROOT / script, tmp_path / script)
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").write_text("# nothing\n")
    return tmp_path


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """An environment without packages: to make one takes longer than to copy it."""
    folder = tmp_path_factory.mktemp("environment") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    return folder


@pytest.fixture
def clone_with_venv(clone, environment):
    shutil.copytree(environment, clone / ".venv", symlinks=True)
    return clone


def bootstrap(clone, *groups, path="/usr/bin:/bin"):
    done = subprocess.run(
        [sys.executable, "workbook/setup/bootstrap.py", *groups],
        cwd=clone,
        env={**os.environ, "PATH": path, "PIP_NO_INDEX": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )
    return done.returncode, done.stdout


def test_when_uv_cannot_install_pip_does(clone):
    uv = clone / "bin" / "uv"
    uv.parent.mkdir()
    uv.write_text(UV)
    uv.chmod(0o755)
    status, said = bootstrap(clone, "runtime", path=f"{uv.parent}:/usr/bin:/bin")
    assert status == 0, said
    assert "uv could not do it; trying pip ..." in said
    assert (clone / ".venv" / ".installed-runtime").exists()


def test_what_is_installed_is_not_installed_again(clone_with_venv):
    assert "Installing the runtime packages" in bootstrap(clone_with_venv, "runtime")[1]
    assert bootstrap(clone_with_venv, "runtime") == (0, "")
    (clone_with_venv / "requirements" / "runtime.txt").write_text("# another list\n")
    assert "Installing the runtime packages" in bootstrap(clone_with_venv, "runtime")[1]


def test_a_list_that_cannot_be_installed_is_said_and_tried_again(clone_with_venv):
    lock = clone_with_venv / "requirements" / "runtime.txt"
    lock.write_text("no-hash-for-this==1.0\n")
    for _ in range(2):
        status, said = bootstrap(clone_with_venv, "runtime")
        assert status == 1
        assert "ERROR: No matching distribution found for no-hash-for-this==1.0" in said
        assert said.endswith(
            "Could not install requirements/runtime.txt: the lines above say why, "
            "and var/install.log says all.\n"
        )
        assert "Traceback" not in said


# A package without a wheel, whose build fails as a missing compiler makes it fail.
BACKEND = """
def prepare_metadata_for_build_wheel(*_):
    raise RuntimeError("no compiler here")
get_requires_for_build_wheel = build_wheel = prepare_metadata_for_build_wheel
"""
PROJECT = """[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
"""


@pytest.fixture
def needs_a_compiler(clone_with_venv):
    """The clone, whose list names such a package."""
    archive = clone_with_venv / "needs-1.0.zip"
    with zipfile.ZipFile(archive, "w") as zip:
        zip.writestr("needs-1.0/backend.py", BACKEND)
        zip.writestr("needs-1.0/pyproject.toml", PROJECT)
    digest = hashlib.sha256(archive.read_bytes()).hexdigest()
    lock = clone_with_venv / "requirements" / "runtime.txt"
    lock.write_text(f"needs @ {archive.as_uri()} --hash=sha256:{digest}\n")
    return clone_with_venv


def test_a_package_that_cannot_be_built_shows_no_traceback(needs_a_compiler):
    status, said = bootstrap(needs_a_compiler, "runtime")
    assert status == 1
    assert "Traceback" not in said
    assert "\nerror: " in said
    log = (needs_a_compiler / "var" / "install.log").read_text(errors="replace")
    assert "no compiler here" in log


def test_a_python_too_new_for_the_packages_is_named_with_the_remedy(needs_a_compiler):
    script = needs_a_compiler / "workbook" / "setup" / "bootstrap.py"
    script.write_text(re.sub(r"NEWEST = .*", "NEWEST = (3, 10)", script.read_text()))
    assert "make PYTHON=python3.10" in bootstrap(needs_a_compiler, "runtime")[1]
    # Nothing of the wrong Python stays in the way of another one.
    assert not (needs_a_compiler / ".venv").exists()


def test_an_environment_whose_python_has_gone_is_made_anew(clone_with_venv):
    assert bootstrap(clone_with_venv, "runtime")[0] == 0
    python = clone_with_venv / ".venv" / "bin" / "python"
    python.unlink()
    python.symlink_to("/nowhere/python3")
    assert "Installing the runtime packages" in bootstrap(clone_with_venv, "runtime")[1]
    assert python.exists()
