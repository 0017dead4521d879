"""`make` on a bare clone: the packages arrive with uv, or with pip when uv cannot."""

import os
import shutil
import subprocess
import sys

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
    (tmp_path / "workbook").mkdir()
    shutil.copy(ROOT / "workbook" / "bootstrap.py", tmp_path / "workbook")
    (tmp_path / "requirements").mkdir()
    (tmp_path / "requirements" / "runtime.txt").write_text("# nothing\n")
    return tmp_path


def bootstrap(clone, *groups, path="/usr/bin:/bin"):
    done = subprocess.run(
        [sys.executable, "workbook/bootstrap.py", *groups],
        cwd=clone,
        env={**os.environ, "PATH": path},
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


def test_what_is_installed_is_not_installed_again(clone):
    assert "Installing the runtime packages" in bootstrap(clone, "runtime")[1]
    assert bootstrap(clone, "runtime") == (0, "")
    (clone / "requirements" / "runtime.txt").write_text("# another list\n")
    assert "Installing the runtime packages" in bootstrap(clone, "runtime")[1]


def test_a_list_that_cannot_be_installed_is_said_and_tried_again(clone):
    lock = clone / "requirements" / "runtime.txt"
    lock.write_text("no-hash-for-this==1.0\n")
    for _ in range(2):
        status, said = bootstrap(clone, "runtime")
        assert status == 1
        assert said.endswith(
            "Could not install requirements/runtime.txt: the lines above say why.\n"
        )
        assert "Traceback" not in said
