"""A folder that is read-only, no network, a full disk: one line with the remedy, each."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.run.making import copy_of_the_tree
from workbook.exercises.grading import wall
from workbook.run.ports import HOST, free_port
from workbook.stages import ROOT

needs_bubblewrap = pytest.mark.skipif(
    wall.reason_against() != "", reason=f"no bubblewrap: {wall.reason_against()}"
)
AROUND = ["bwrap", "--bind", "/", "/", "--dev-bind", "/dev", "/dev", "--proc", "/proc"]
FULL = "The disk of {} is full: make room, then the same command again."
READ_ONLY = (
    "{} cannot be written: run the workbook in a folder of your own, "
    "for example a copy of it in your home."
)
NO_NETWORK = (
    "No network: the package index cannot be reached. Connect, or name your proxy "
    "(HTTPS_PROXY), then the same command again. All of it: var/install.log."
)


@pytest.fixture(scope="module")
def tree(tmp_path_factory) -> Path:
    """A copy of the repository with its packages."""
    return copy_of_the_tree(tmp_path_factory.mktemp("tree") / "workbook")


@pytest.fixture
def clone(tmp_path) -> Path:
    """What a bare clone has for its first command; one package to be installed."""
    for path in ("Makefile", "workbook/setup/bootstrap.py", "requirements/runtime.txt"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / path, tmp_path / path)
    return tmp_path


def make(folder: Path, *words: str, around=(), **env: str) -> list[str]:
    """Run make, which must fail with status 1; return its lines without the progress."""
    hidden = ("MAKEFLAGS", "MFLAGS", "MAKELEVEL", "WORK", "REDIS_URL")
    kept = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(
        [*around, shutil.which("make"), "--no-print-directory", *words],
        cwd=folder,
        env={**kept, "PORT": str(free_port()), "ROOM_PORT": str(free_port()), **env},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=100,
        check=False,
    )
    assert done.returncode == 1, done.stdout
    return [line for line in done.stdout.splitlines() if not line.endswith(" ...")]


def read_only(folder: Path) -> list[str]:
    return [*AROUND, "--ro-bind", str(folder), str(folder), "--chdir", str(folder)]


def small(folder: Path, start: Path, size: int = 1_000_000) -> list[str]:
    """A disk of `size` bytes in the place of `folder`."""
    folder.mkdir(exist_ok=True)
    return [*AROUND, "--size", str(size), "--tmpfs", str(folder), "--chdir", str(start)]


@needs_bubblewrap
@pytest.mark.parametrize("with_packages", [True, False])
def test_a_folder_that_cannot_be_written(tree, clone, with_packages):
    folder, place = (tree, tree / "var") if with_packages else (clone, clone)
    words = ["stage-1", f"PYTHON={sys.executable}"]
    assert make(folder, *words, around=read_only(folder)) == [READ_ONLY.format(place)]


@needs_bubblewrap
def test_a_disk_too_full_for_the_packages(clone):
    venv = clone / ".venv"
    words = ["stage-1", f"PYTHON={sys.executable}"]
    lines = make(clone, *words, around=small(venv, clone), PATH="/usr/bin:/bin")
    assert lines == [FULL.format(clone)]


@needs_bubblewrap
def test_a_disk_too_full_for_a_stage(tree):
    lines = make(tree, "stage-1", around=small(tree / "var", tree))
    assert lines == [FULL.format("var/stage-1")]


@needs_bubblewrap
def test_a_disk_too_full_for_a_copy(tree):
    around = small(tree / "my_work", tree, size=50_000)  # less than a stage's files
    assert make(tree, "exercise-1-1", around=around) == [FULL.format(tree)]


def test_no_network(clone):
    words = ["stage-1", f"PYTHON={sys.executable}"]
    index = f"http://{HOST}:{free_port()}/simple"
    env = {"PIP_INDEX_URL": index, "PIP_RETRIES": "1", "PATH": "/usr/bin:/bin"}
    assert make(clone, *words, **env) == [NO_NETWORK]
    assert "Connection refused" in (clone / "var" / "install.log").read_text()
