"""The exercises' tools, used as a learner and a teacher use them.

That every starter fails and every solution passes is proved by
`python -m workbook exercises-test`, which the suite runs beside these.
"""

import json
import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from workbook.change import Change, apply_all
from workbook.exercises import catalogue, commands, copies, definition, progress, proof
from workbook.exercises.checking import report
from workbook.exercises.checking.check import check
from workbook.exercises.exercise import Malformed
from workbook.exercises.grading import grade, marks, told, wall
from workbook.stages import FOLDERS, ROOT

FIRST = "1-1"
SOLVED = "return fetch_marks.apply_async((seconds,), countdown=wait)"


@pytest.fixture(autouse=True)
def my_work(tmp_path, monkeypatch):
    """A my_work folder of the test's own."""
    folder = tmp_path / "my_work"
    for module in (copies, progress):
        monkeypatch.setattr(module, "MY_WORK", folder)
    for module in (commands, report):
        monkeypatch.setattr(module, "short", lambda path: str(path.relative_to(tmp_path)))
    monkeypatch.setattr(marks, "GRADES", folder / "grades")
    return folder


@pytest.fixture
def solve():
    """A function that makes the solution at a place, or one with another text."""

    def make(target: Path, text: str | None = None, file: str = "archive/later.py") -> Path:
        copies.make_solution(catalogue.find(FIRST), target)
        if text is not None:
            (target / file).write_text(text)
        return target

    return make


# --- the catalogue ------------------------------------------------------------------


def test_each_stage_has_five_exercises_and_begins_with_a_short_one():
    for stage in FOLDERS:
        found = catalogue.exercises(stage)
        assert len(found) >= 5, f"stage {stage}"
        assert [exercise.number for exercise in found] == list(range(1, len(found) + 1))
        assert found[0].minutes <= 5
        assert {exercise.kind for exercise in found} >= {"build", "repair", "predict"}


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('kind = "build"', 'kind = "make"', "kind must be one of"),
        ("minutes = 5", "minutes = 50", "minutes must be 1 to 20"),
        ("minutes = 5", 'minutes = "5"', "minutes must be there, as int"),
        ("minutes = 5", "minutes = 5\ncolour = 1", "unknown colour"),
        ("hints = [", 'hints = ["one more",', "three hints"),
        ("\nreplace =", "\nchange =", "a [[solution]] has find"),
        ("title", "title =", "cannot be read"),
    ],
)
def test_a_malformed_exercise_is_named_in_one_line(tmp_path, before, after, words):
    folder = tmp_path / "01_x" / "exercises" / "1_something"
    folder.mkdir(parents=True)
    original = catalogue.find(FIRST).folder
    for name in ("README.md", "test_check.py"):
        (folder / name).write_bytes((original / name).read_bytes())
    text = (original / "exercise.toml").read_text()
    assert before in text
    (folder / "exercise.toml").write_text(text.replace(before, after))

    with pytest.raises(Malformed, match="1_something") as refusal:
        definition.read_exercise(folder, 1)
    assert words in str(refusal.value)
    assert "\n" not in str(refusal.value).strip()


@pytest.mark.parametrize("name", ["", "1", "x-y", "1-99", "7-1", "../etc", "1-1/.."])
def test_a_malformed_name_is_answered_in_one_line(name):
    with pytest.raises(ValueError, match="exercise") as refusal:
        catalogue.find(name)
    assert "\n" not in str(refusal.value)


# --- a learner's way -----------------------------------------------------------------


def test_a_learner_works_through_an_exercise(my_work, capsys):
    mine = my_work / FIRST / "archive" / "later.py"

    assert commands.exercise(FIRST) == 1
    said = capsys.readouterr().out
    assert "Nothing was sent to a queue." in said
    assert "make hint-1-1" in said
    assert (my_work / FIRST / "TASK.md").exists()

    text = mine.read_text().replace("    # Your line goes here.", f"    {SOLVED}")
    mine.write_text(text)
    assert commands.exercise(FIRST) == 0
    said = capsys.readouterr().out
    assert "Exercise 1-1 is solved." in said
    assert "Why it works: " in said
    assert "Read on: my_work/1-1/archive/tasks.py" in said
    assert mine.read_text() == text  # the copy is never overwritten

    commands.exercises()
    assert "done  1-1" in capsys.readouterr().out

    commands.reset(FIRST)
    kept = my_work / "1-1.before-1" / "archive" / "later.py"
    assert kept.read_text() == text
    assert SOLVED not in mine.read_text()
    commands.reset(FIRST)
    assert (my_work / "1-1.before-2").is_dir()
    assert kept.read_text() == text


def test_who_reads_may_have_seen_enough():
    there, here = os.pipe()
    os.close(there)  # as after `| head` has ended
    with os.fdopen(here, "w") as output:
        words = [sys.executable, "-m", "workbook", "exercises"]
        ran = subprocess.run(
            words, cwd=ROOT, stdout=output, stderr=subprocess.PIPE, text=True, check=False
        )
    assert ran.stderr == ""
    assert ran.returncode == 1


def test_hints_come_one_after_the_other(capsys):
    exercise = catalogue.find(FIRST)
    for number in (1, 2, 3, 3):
        commands.hint(FIRST)
        assert exercise.hints[number - 1] in capsys.readouterr().out


def test_a_damaged_progress_file_is_no_reason_to_stop(my_work, capsys):
    my_work.mkdir()
    (my_work / "progress.json").write_text('{"1-1": [')
    assert commands.exercises() == 0
    commands.hint(FIRST)
    assert json.loads((my_work / "progress.json").read_text())["1-1"]["hints"] == 1


def test_the_solution_is_shown_against_the_learners_own_file(my_work, capsys):
    copies.ensure_copy(catalogue.find(FIRST))
    with (my_work / FIRST / "archive" / "later.py").open("a") as file:
        file.write("# my own words\n")
    commands.solution(FIRST)
    said = capsys.readouterr().out
    assert "-# my own words" in said
    assert f"+    {SOLVED}" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(:\n", "SyntaxError: invalid syntax\nLook at:  archive/later.py, line 1"),
        ("from .tasks import fetch_mark\n", "cannot import name 'fetch_mark'"),
        ("while True:\n    pass\n", "did not come back within"),
        ("import os\nos._exit(0)\n", "ended the program (exit status 0)"),
        ("import sys\nsys.exit(0)\n", "ended the program (exit 0)"),
        ("import os\nos.abort()\n", "ended the program (signal 6)"),
        (
            "from .tasks import fetch_marks\n"
            "def fetch_marks_later(a, b): return fetch_marks.aplly_async((a,))\n",
            "(is it apply_async?)",
        ),
    ],
)
def test_code_that_breaks_is_explained_without_a_traceback(tmp_path, solve, text, words):
    verdict = check(catalogue.find(FIRST), solve(tmp_path / "work", text))
    assert not verdict.passed
    assert not verdict.broken
    assert words in verdict.message
    assert "Traceback" not in verdict.message
    assert len(verdict.message.splitlines()) <= 4


def test_a_save_is_checked_again_within_seconds(my_work):
    copies.ensure_copy(catalogue.find(FIRST))
    mine = my_work / FIRST / "archive" / "later.py"
    program = (
        "import sys; from pathlib import Path; from workbook.exercises import copies, "
        "progress, commands; from workbook.exercises.checking import report; "
        "copies.MY_WORK = progress.MY_WORK = "
        "Path(sys.argv[1]); commands.short = report.short = str; "
        "sys.exit(commands.watch('1-1'))"
    )
    watcher = subprocess.Popen(
        [sys.executable, "-u", "-c", program, str(my_work)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        lines = iter(watcher.stdout.readline, "")
        assert any("Nothing was sent" in line for line in lines)
        assert any("Waiting for a save" in line for line in lines)
        text = mine.read_text().replace("    # Your line goes here.", f"    {SOLVED}")
        waited = []  # seconds from a save to the beginning of its check
        while len(waited) < 5 and min(waited, default=2) > 1.5:
            saved = time.monotonic()
            mine.write_text(f"{text}# Save {len(waited)}\n")
            assert any(line.startswith("----") for line in lines)
            waited.append(time.monotonic() - saved)
            assert any("Exercise 1-1 is solved." in line for line in lines)
            assert any("Waiting for a save" in line for line in lines)
        assert min(waited) <= 1.5, waited  # a busy machine may need a second try
        watcher.send_signal(signal.SIGINT)
        assert watcher.wait(60) == 0
    finally:
        watcher.kill()
        watcher.wait()
        watcher.stdout.close()


# --- the proof ------------------------------------------------------------------------


def test_the_proof_notices_a_check_that_cannot_fail(tmp_path):
    folder = tmp_path / "1_start_later"
    original = catalogue.find(FIRST)
    subprocess.run(["cp", "-r", str(original.folder), str(folder)], check=True)
    (folder / "test_check.py").write_text("def test_nothing(work):\n    pass\n")
    lazy = definition.read_exercise(folder, 1)
    _, wrong, _ = next(proof.prove_all([lazy]))
    assert len(wrong) == 1 + len(lazy.wrong)  # all but the right ones
    assert all("it should fail, but it passes" in sentence for sentence in wrong)


@pytest.mark.parametrize("exercise", catalogue.exercises(), ids=lambda e: e.name)
def test_every_answer_fits_its_stage(tmp_path, exercise):
    for number, (_, changes, _) in enumerate(proof.attempts(exercise)):
        folder = tmp_path / str(number)
        for file in {change.file for change in changes}:
            new = exercise.new_files / file
            (folder / file).parent.mkdir(parents=True, exist_ok=True)
            whole = new if new.exists() else exercise.stage_folder / file
            (folder / file).write_bytes(whole.read_bytes())
        apply_all(changes, folder)


def test_an_answer_that_no_longer_fits_its_stage_is_named():
    repair = next(e for e in catalogue.exercises(1) if e.kind == "repair")
    gone = Change(repair.edit[0], "no longer there", "x")
    _, wrong, _ = next(proof.prove_all([replace(repair, starter=(gone,))]))
    assert wrong == [
        f"the untouched starter: {repair.edit[0]} has 0 times, not once: 'no longer there'"
    ]


@pytest.mark.parametrize("exercise", catalogue.exercises(), ids=lambda e: e.name)
def test_where_to_read_on_is_there(exercise):
    for place in exercise.read_on:
        there = place.startswith("https://") or (exercise.stage_folder / place).exists()
        assert there, place


# --- a class ----------------------------------------------------------------------------

HOSTILE = {
    "hangs": "while True:\n    pass\n",
    "exits": "import os\nos._exit(0)\n",
    "leaves": "import sys\nsys.exit(0)\n",
    "prints": "print('1 passed')\nprint('{\"unmet\": null}')\n",
    "forks": (
        "import os, time\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    if os.fork() == 0:\n"
        "        while True:\n"
        "            time.sleep(0.1)\n"
        "    os._exit(0)\n"
    ),
}


def processes_that_name(word: str) -> list[str]:
    """Return the ids of the processes in whose environment `word` stands."""
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if word.encode() in environ.read_bytes():
                found.append(environ.parent.name)
        except OSError:
            continue
    return [number for number in found if number != str(os.getpid())]


@pytest.mark.parametrize("walled", [True, False])
def test_a_class_is_graded_whatever_its_code_does(
    tmp_path, solve, monkeypatch, capsys, walled
):
    if not walled:
        monkeypatch.setattr(wall, "reason_against", lambda: "the test wants none")
        monkeypatch.setenv("GRADE_WITHOUT_WALL", "1")
    monkeypatch.setattr(grade, "ROOT", tmp_path)
    mark = f"class-{time.monotonic_ns()}"
    klass = tmp_path / mark
    solve(klass / "ana" / FIRST)
    solve(klass / "bia" / "my_work" / FIRST)
    for name, text in HOSTILE.items():
        solve(klass / name / FIRST, text)
    cheat = solve(klass / "cheats" / FIRST, "def fetch_marks_later(a, b): pass\n")
    for name in ("conftest.py", "sitecustomize.py", "pytest.py", "workbook.py", "json.py"):
        (cheat / name).write_text("import os\nos._exit(0)\n")
    (cheat / "pytest.ini").write_text("[pytest]\naddopts = --collect-only\n")
    (cheat / "test_check.py").write_text("def test_nothing(work):\n    pass\n")
    os.mkfifo(solve(klass / "pipes" / FIRST) / "archive" / "pipe")
    (klass / "empty").mkdir()
    done = {"done": True, "hints": 2}
    (klass / "bia" / told.FILE).write_text(json.dumps({FIRST: done, "1-2": done}))
    before = {f: f.read_bytes() for f in klass.rglob("*") if f.is_file()}
    (tmp_path / f"scratch-{mark}").mkdir()  # a learner's code has it in its environment
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / f"scratch-{mark}"))

    assert grade.grade_folder(str(klass)) == 0

    said = capsys.readouterr().out
    table = said[said.index("solved") :]
    results = {line.split()[0]: line.split()[1] for line in table.splitlines()[1:] if line}
    assert {name for name, mark in results.items() if mark == "ok"} == {
        "ana",
        "bia",
        "pipes",
    }
    assert {name for name, mark in results.items() if mark == "not"} == {*HOSTILE, "cheats"}
    rows = {line.split()[0]: line.split()[1:] for line in table.splitlines()[1:] if line}
    assert rows["empty"] == ["-", "0"]
    assert rows["bia"] == ["ok", "1", "2", "4"]  # two told to be done, four hints
    assert {f: f.read_bytes() for f in klass.rglob("*") if f.is_file()} == before
    assert processes_that_name(f"scratch-{mark}") == []
    (file,) = (tmp_path / "my_work" / "grades").glob("*.csv")
    assert "ana,exercise 1-1,Start it later,1," in file.read_text()
    assert "empty,none,,0,nothing to check," in file.read_text()
    assert re.search(r"^bia,exercise 1-1,.*,1,2$", file.read_text(), re.MULTILINE)


@pytest.mark.parametrize(
    "text", ["[]", "{", "[" * 50_000, "null", '{"9-9": 1}', "\xff", "x" * 200_000]
)
def test_a_progress_file_that_is_none_tells_nothing(tmp_path, text):
    (tmp_path / told.FILE).write_text(text, encoding="latin-1")
    assert told.told(tmp_path) == {}


def test_of_a_progress_file_only_what_can_be_is_believed(tmp_path):
    text = '{"1-1": {"done": 1, "hints": 999}, "1-2": [], "school": {"begun": "1-3"}}'
    (tmp_path / told.FILE).write_text(text)
    assert set(told.told(tmp_path).values()) == {told.Claim(done=False, hints=0)}
    (tmp_path / told.FILE).unlink()
    (tmp_path / told.FILE).symlink_to("/dev/zero")
    assert told.told(tmp_path) == {}


def test_a_learner_can_change_nothing_behind_the_wall(tmp_path, solve):
    victim = tmp_path / "other.py"
    victim.write_text("honest")
    text = f"import os\nopen({str(victim)!r}, 'w').write('spoilt')\n"
    work = grade.Grade("x", catalogue.find(FIRST), solve(tmp_path / "work", text))
    verdict = grade.check_one(work).verdict
    assert "No such file" in verdict.message  # it is not even there
    assert victim.read_text() == "honest"


@pytest.mark.parametrize("name", ["", "no/such/folder"])
def test_grading_nothing_is_refused_in_one_line(name):
    with pytest.raises(ValueError, match="is not a folder"):
        grade.grade_folder(name)


def test_a_name_cannot_become_a_formula():
    assert grade.plain("=1+1") == "'=1+1"
    assert grade.plain("a\nb\x1b[31m") == "a b [31m"
