"""The workbook's variables: one list, and what the code reads, and what the README says."""

import re
import subprocess

import pytest

from workbook.run import variables
from workbook.run.notes import Note, running_env
from workbook.stages import ROOT, stage

PYTHON = re.compile(
    r"""(?:\benv(?:\.\w+)?\(|environ(?:\.get)?[\[(]|\bouter\(|port_from_env\(|require_free\(\w+,)
    \s*"([A-Z][A-Z_]+)\"""",
    re.X,
)
SHELL = re.compile(r"\$\{?([A-Z][A-Z_]+)")
# Not ours: of the machine, of Python, of make, of Jupyter, of Django.
OTHERS = {
    "EDITOR",
    "NO_COLOR",
    "PATH",
    "HOME",
    "HOSTNAME",
    "TMPDIR",
    "CI",
    "TERM",
    "JUPYTER_CONFIG_PATH",
    "DJANGO_SETTINGS_MODULE",
}


def tracked(*patterns: str) -> list[str]:
    words = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *patterns]
    shown = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return [path for path in shown.stdout.splitlines() if (ROOT / path).exists()]


def read_in(pattern: re.Pattern, *paths: str) -> set[str]:
    return {
        name
        for path in tracked(*paths)
        for name in pattern.findall((ROOT / path).read_text())
    }


def names() -> set[str]:
    return {variable.name for variable in variables.VARIABLES}


def test_the_readme_s_table_is_the_list():
    readme = (ROOT / "README.md").read_text()
    table = re.search(r"<!-- variables -->\n(.*?)<!-- end", readme, re.S)[1]
    rows = [f"| `{v.name}` | {v.unset} | {v.meaning} |" for v in variables.VARIABLES]
    assert table.splitlines()[2:] == rows


def test_no_name_is_in_the_list_twice():
    assert len(names()) == len(variables.VARIABLES)


def test_every_variable_that_is_read_is_in_the_list():
    code = ("0?_*/config/*.py", "0?_*/*/management/*.py", "workbook/*.py")
    read = read_in(PYTHON, *code, "benchmarks/*.py", "tests/*conftest.py")
    read |= read_in(SHELL, "0?_*/Procfile*", "docker-compose.yml")
    assert read - OTHERS - names() == set()


def test_every_variable_of_the_list_is_read_somewhere():
    words = re.compile(r"\b([A-Z][A-Z_]+)\b")
    code = ("0?_*/config/*.py", "0?_*/Procfile*", "docker-compose.yml", "workbook/*.py")
    found = read_in(words, *code, "tests/*conftest.py", ":!workbook/run/variables.py")
    assert names() - found == set()


@pytest.mark.parametrize("name", ["CHANNEL_LAYER", "MAIL_PAUSE", "JOB_LEASE", "CELERY_X"])
def test_the_shell_sees_what_the_stage_was_started_with_and_nothing_else(monkeypatch, name):
    """Whoever opens it may have set something else, or nothing."""
    monkeypatch.setenv(name, "of the shell's terminal")
    note = Note("stage-3", 3, {"PORT": "8003"})
    monkeypatch.setattr("workbook.run.notes.read_note", lambda path: note)
    assert name not in running_env(stage(3))
    note.env[name] = "of the stage's terminal"
    assert running_env(stage(3))[name] == "of the stage's terminal"


def test_a_run_notes_what_was_set_when_it_was_started(monkeypatch, tmp_path):
    import json

    from workbook.run.stage_run import StageRun

    monkeypatch.setenv("CHANNEL_LAYER", "core")
    monkeypatch.setenv("WORKBOOK_TEST_MARK", "not of a run")
    run = StageRun(stage(3), tmp_path)
    run.write_note()
    env = json.loads((tmp_path / "run.json").read_text())["env"]
    assert env["CHANNEL_LAYER"] == "core"
    assert "WORKBOOK_TEST_MARK" not in env
