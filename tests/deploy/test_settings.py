"""The settings of each stage, read from an environment as a server or a learner sets it."""

import subprocess
import sys

import pytest

from workbook.run.variables import outside_a_run
from workbook.stages import FOLDERS, ROOT

PRODUCTION = {
    "DJANGO_DEBUG": "0",
    "DJANGO_SECRET_KEY": "a-long-random-text-that-only-this-test-knows-0123456789",
    "DJANGO_ALLOWED_HOSTS": "school.example",
}
NO_SECRET = (
    "DJANGO_SECRET_KEY is not set: with DJANGO_DEBUG=0 it must be a long random text."
)
each_stage = pytest.mark.parametrize("folder", FOLDERS.values())


@pytest.fixture
def python(tmp_path):
    """A function that runs Python in a stage with these variables and no others."""

    def run(folder, *words, **variables):
        return subprocess.run(
            [sys.executable, *words],
            cwd=ROOT / folder,
            env={**outside_a_run(), "DATA_DIR": str(tmp_path), **variables},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    return run


@pytest.fixture
def manage(python):
    """The same for the stage's manage.py."""
    return lambda folder, *words, **variables: python(
        folder, "manage.py", *words, **variables
    )


@each_stage
def test_production_settings_pass_django_s_own_check(manage, folder):
    done = manage(folder, "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout + done.stderr


def test_django_s_own_check_would_object_to_a_weak_secret(manage):
    weak = {**PRODUCTION, "DJANGO_SECRET_KEY": "short"}
    words = ("check", "--deploy", "--fail-level", "WARNING")
    done = manage(FOLDERS[4], *words, **weak)
    assert done.returncode == 1
    assert "SECRET_KEY" in done.stderr


@each_stage
def test_production_without_a_secret_stops_with_one_line(manage, folder):
    for secret in ({}, {"DJANGO_SECRET_KEY": ""}):
        done = manage(folder, "check", DJANGO_DEBUG="0", **secret)
        assert done.returncode == 1
        assert done.stderr.splitlines() == [NO_SECRET]


@each_stage
def test_a_variable_that_is_set_to_nothing_counts_as_unset(python, folder):
    names = ["REDIS_URL", "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND"]
    show = (
        f"from config import settings as s; print(s.SECRET_KEY, *map(vars(s).get, {names}))"
    )
    unset = python(folder, "-c", show)
    empty = python(folder, "-c", show, **dict.fromkeys([*names, "DJANGO_SECRET_KEY"], ""))
    assert unset.returncode == 0, unset.stderr
    assert unset.stdout.count("redis://127.0.0.1:6379/") == 3
    assert empty.stdout == unset.stdout
