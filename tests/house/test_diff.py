"""`make diff-N`: what a stage adds, and nothing that is no code of the lesson."""

import re
import subprocess
import sys

import pytest

from workbook.diff import is_code
from workbook.stages import FOLDERS, ROOT, STAYS

LATER = list(FOLDERS)[1:]
ONE_SITTING = 3000  # lines; stage 3's is the longest


def diff(number: int) -> str:
    words = [sys.executable, "-m", "workbook", "diff", str(number)]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return shown.stdout


@pytest.fixture(scope="module", params=LATER)
def number(request) -> int:
    return request.param


@pytest.fixture(scope="module")
def shown(number) -> str:
    return diff(number)


def test_it_begins_with_a_line_for_each_file_and_their_sum(shown):
    table, _, patch = shown.partition("\n\n")
    *files, total = table.splitlines()
    assert all(" | " in line for line in files)
    assert total.startswith(f" {len(files)} files changed")
    assert len(re.findall(r"^diff --git ", patch, re.M)) == len(files)


def test_it_shows_code_alone_and_is_read_in_one_sitting(number, shown):
    paths = re.findall(r"^diff --git a/(\S+) b/", shown, re.M)
    assert "config/settings.py" in paths
    assert [path for path in paths if not is_code(path)] == []
    assert len(shown.splitlines()) < ONE_SITTING


def test_what_stays_in_the_stage_before_is_not_shown_as_deleted(number, shown):
    stays = STAYS.get(number - 1, ())
    paths = re.findall(r"^diff --git a/(\S+) b/", shown, re.M)
    assert [path for path in paths if path.startswith(stays)] == []


@pytest.mark.parametrize(
    ("path", "belongs"),
    [
        ("exports/views.py", True),
        ("home/templates/home/index.html", True),
        ("Procfile", True),
        ("tests/jobs/test_rescue.py", False),
        ("exercises/1_attach_it/exercise.toml", False),
        ("step_by_step/01_a_page/README.md", False),
        ("labs/pools.py", False),
        ("outbox/migrations/0001_initial.py", False),
        ("exports/__init__.py", False),
        ("README.md", False),
        ("static/logo.png", False),
    ],
)
def test_what_belongs_in_it(path, belongs):
    assert is_code(path) is belongs
