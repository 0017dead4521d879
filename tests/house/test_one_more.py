"""One more stage is one more line in workbook/stages.py: everything else follows."""

import re
import shutil
import subprocess
import sys

import pytest

from workbook.run.variables import outside_a_run
from workbook.stages import FOLDERS, ROOT

NEXT = max(FOLDERS) + 1
FILES = {
    "manage.py": "",
    "config/settings.py": 'INSTALLED_APPS = ["home", "daphne"]\n',
    "tests/test_home.py": "",
    "exercises/1_first/exercise.toml": "",
}

PARTS = """
from workbook.suite.parts import all_parts
print(*(part.slug for part in all_parts(())))
"""


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the tooling with one stage more in its list, and that stage's folder."""
    tree = tmp_path_factory.mktemp("tree")
    for name in ("workbook", "requirements"):
        shutil.copytree(ROOT / name, tree / name)
    for folder in ("tests", *FOLDERS.values()):
        (tree / folder).mkdir()
    listing = tree / "workbook" / "stages.py"
    text, found = re.subn(
        r"(FOLDERS = \{[^}]*)", rf'\1    {NEXT}: "0{NEXT}_more",\n', listing.read_text()
    )
    assert found == 1
    listing.write_text(text)
    for path, content in FILES.items():
        file = tree / f"0{NEXT}_more" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    live = tree / "tests" / "stages" / f"test_stage_{NEXT}_more.py"
    live.parent.mkdir()
    live.touch()
    return tree


@pytest.fixture(scope="module")
def python(tree):
    """A function that runs Python in that copy; returns all that it says."""

    def run(*words) -> str:
        done = subprocess.run(
            [sys.executable, *words],
            cwd=tree,
            env=outside_a_run(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout + done.stderr

    return run


def test_the_messages_name_it(python):
    for command in ("stage", "shell", "diff"):
        said = python("-m", "workbook", command, str(NEXT + 1))
        assert f" or {NEXT}." in said, command


def test_the_suite_runs_its_own_tests_and_those_of_its_running(python):
    said = python("-c", PARTS)
    assert {f"stage-{NEXT}-own-tests", f"stage-{NEXT}-stages-more"} <= set(said.split())
    assert "test-stage" not in said  # it is not among those of no stage


def test_the_doctor_asks_for_its_port_and_its_web(python):
    said = python("-m", "workbook", "doctor")
    assert re.search(rf"\b800{NEXT}\b", said)
    assert f"Stage {NEXT}: put 'daphne' first" in said


def test_its_exercises_are_looked_for(python):
    said = python("-m", "workbook", "exercises")
    assert said == f"0{NEXT}_more/exercises/1_first: README.md is missing.\n"
