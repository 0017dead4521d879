"""CONTRIBUTING.md and the files for other people's machines name what exists."""

import re

import pytest
import yaml

from workbook.__main__ import COMMANDS
from workbook.stages import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text()


def yaml_of(path: str) -> dict:
    return yaml.safe_load((ROOT / path).read_text())


def test_every_command_of_the_workbook_that_is_named_exists():
    named = re.findall(r"python -m workbook ([\w-]+)", TEXT)
    assert len(named) >= 4
    assert set(named) <= set(COMMANDS)


@pytest.mark.parametrize("path", sorted(set(re.findall(r"pytest (\S+)", TEXT))))
def test_every_room_of_tests_that_is_named_exists(path):
    assert list((ROOT / path).glob("test_*.py"))


def test_every_file_and_folder_that_is_named_exists():
    named = re.findall(r"`([\w.]+/[\w./]*|[\w.]+\.(?:toml|cfg|md|yaml|py))`", TEXT)
    assert len(named) > 12
    inside = {
        "exercise.toml",
        "test_check.py",
        "exercises/",
        "starter/",
        "step_by_step/",
        "step.toml",
    }  # of an exercise, of a stage
    missing = [path for path in named if not (ROOT / path).exists()]
    assert set(missing) <= inside


def test_every_kind_of_change_names_the_command_that_proves_it():
    for kind in ("stage", "exercise", "step", "lesson", "mutant", "test"):
        section = re.search(rf"^## A {kind}$|^## An {kind}$", TEXT, re.M)
        assert section, kind
        said = TEXT[section.end() :].partition("\n## ")[0]
        assert re.search(r"`make [a-z]|-m workbook|-m pytest", said), kind


def test_the_hooks_are_local_and_run_what_the_makefile_has():
    hooks = yaml_of(".pre-commit-config.yaml")
    assert [repo["repo"] for repo in hooks["repos"]] == ["local"]
    entries = [hook["entry"] for repo in hooks["repos"] for hook in repo["hooks"]]
    assert entries == ["make lint"]


def test_the_build_server_runs_the_same_command_as_everybody():
    steps = yaml_of(".github/workflows/ci.yml")["jobs"]["test"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}


def test_the_build_server_has_the_python_of_the_image():
    image = yaml_of(".github/workflows/ci.yml")["jobs"]["test"]["container"]["image"]
    assert image in (ROOT / "Dockerfile").read_text()
