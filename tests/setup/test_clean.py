"""`make clean` and words that are no command."""

import json
import shutil
import subprocess
import sys

import pytest

from workbook.run import notes
from workbook.setup.clean import clean
from workbook.setup.meant import sentence
from workbook.stages import ROOT


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("stage1", "make stage-1"),
        ("stage", "make stage-1"),
        ("stage-", "make stage-1"),
        ("test7", "make test-7"),
        ("exercise1-2", "make exercise-1-2"),
        ("docter", "make doctor"),
    ],
)
def test_a_word_that_is_no_command_is_answered_with_the_nearest(typed, meant):
    assert f"Did you mean `{meant}`?" in sentence(typed)


@pytest.mark.parametrize("words", [["stage1"], ["stage", "1"], ["stage-"]])
def test_make_answers_in_a_sentence(words):
    make = [shutil.which("make"), f"PYTHON={sys.executable}", *words]
    told = subprocess.run(make, cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.returncode
    assert told.stderr.startswith(f"There is no `make {words[0]}`. Did you mean")
    assert "No rule to make" not in told.stderr


def test_clean_removes_what_runs_left(tmp_path):
    (tmp_path / "var" / "stage-1").mkdir(parents=True)
    assert clean(tmp_path) == 0
    assert not (tmp_path / "var").exists()


def test_clean_refuses_while_a_stage_runs(tmp_path, monkeypatch, capsys):
    state = tmp_path / "var" / "stage-1"
    state.mkdir(parents=True)
    (state / "run.json").write_text(json.dumps({"pid": 1, "env": {"PORT": "8001"}}))
    monkeypatch.setattr(notes, "is_a_launcher", lambda pid: True)
    assert clean(tmp_path) == 1
    assert "stage-1 runs: stop it with Ctrl-C first" in capsys.readouterr().out
    assert state.exists()
