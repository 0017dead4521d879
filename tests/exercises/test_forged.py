"""Nobody judges oneself: each way in which a module once got, or might get, an `ok`.

The work behind each is undone. It must be `not`, and never "the check is broken".
"""

from pathlib import Path

import pytest

from workbook.exercises import catalogue, copies
from workbook.exercises.checking.check import check
from workbook.exercises.grading import grade, wall

FINISHED = '{"met": ["All."], "unmet": null, "message": "", "broken": false}'
VALUE = '{"value": {"slept": [], "ran": [], "returned": "x", "message": {"id": "x"}}}'

# Every way begins when it is loaded, by the check's own process.
EXITS = "import os\nos._exit(0)\n"

LAST_LINE = f"""
import atexit, os
print({FINISHED!r}, flush=True)
print({VALUE!r}, flush=True)
atexit.register(print, {FINISHED!r}, flush=True)
def fetch_marks_later(seconds, wait): return None
"""

EVERY_DESCRIPTOR = f"""
import os
for number in range(64):
    for text in ({FINISHED!r}, {VALUE!r}):
        try:
            os.write(number, text.encode() + b"\\n")
        except OSError:
            pass
def fetch_marks_later(seconds, wait): return None
"""

ONE_ANSWER = f"""
import os, sys
os.write(int(sys.argv[-1]), {VALUE!r}.encode())
os._exit(0)
"""

FRAMES = """
import gc, json, os, sys
def fetch_marks_later(seconds, wait): return None
frame, orders = sys._getframe(), []
while frame:
    orders += [v for v in frame.f_locals.values() if isinstance(v, dict)]
    frame = frame.f_back
orders = [v for v in orders + gc.get_objects() if type(v) is dict and "function" in v]
seconds, wait = orders[0]["args"]
message = {"id": "x", "task": "archive.tasks.fetch_marks", "args": [seconds], "kwargs": {},
           "wait": wait}
value = {"slept": [], "ran": [], "message": message, "returned": "x"}
secret = str(orders[0].get("token", ""))
os.write(int(sys.argv[-1]), (secret + json.dumps({"value": value})).encode())
os._exit(0)
"""

THE_JUDGES_FILES = f"""
import glob, os
for file in glob.glob("/proc/[0-9]*/fd/*"):
    if not file.startswith(f"/proc/{{os.getpid()}}/"):
        try:
            with open(file, "wb", buffering=0) as stream:
                stream.write({FINISHED!r}.encode() + b"\\n")
        except OSError:
            pass
def fetch_marks_later(seconds, wait): return None
"""

ANOTHER_HARNESS = f"""
import sys
main = sys.modules["__main__"]
main.run = lambda order: {{"slept": [], "ran": [], "returned": "x"}}
main.describe = lambda *_: {{}}
main.json.dumps = lambda *_, **__: {VALUE!r}
def fetch_marks_later(seconds, wait): return None
"""

KILLS_THE_ROOM = """
import os, signal
for number in {1, os.getppid()}:
    os.kill(number, signal.SIGKILL)
def fetch_marks_later(seconds, wait): return None
"""

THE_SOLUTION = """
import tomllib
from pathlib import Path
folder = next(Path({stage!r}).glob("exercises/1_*"))
for change in tomllib.loads((folder / "exercise.toml").read_text())["solution"]:
    exec(change["replace"])
"""

WAYS = {
    "ends the program": EXITS,
    "prints the last line": LAST_LINE,
    "writes into every descriptor": EVERY_DESCRIPTOR,
    "gives an answer of its own": ONE_ANSWER,
    "finds the order in the frames": FRAMES,
    "writes into the judge's files": THE_JUDGES_FILES,
    "replaces who asks": ANOTHER_HARNESS,
    "ends who asks": KILLS_THE_ROOM,
}


def graded(name: str, folder: Path):
    return grade.check_one(grade.Grade("x", catalogue.find(name), folder)).verdict


@pytest.fixture
def work(tmp_path):
    """A function that makes the starter of an exercise, with one file replaced."""

    def make(name: str, file: str, text: str) -> Path:
        exercise = catalogue.find(name)
        copies.make_starter(exercise, tmp_path / name)
        (tmp_path / name / file).write_text(text)
        return tmp_path / name

    return make


@pytest.fixture
def walled():
    if wall.reason_against():
        pytest.skip(f"no wall: {wall.reason_against()}; {wall.WAYS}")


@pytest.mark.parametrize("way", WAYS)
def test_no_verdict_is_forged(walled, work, way):
    verdict = graded("1-1", work("1-1", "archive/later.py", WAYS[way]))
    assert not verdict.passed
    assert verdict.message
    assert not verdict.broken, verdict.message


@pytest.mark.parametrize("way", ["prints the last line", "finds the order in the frames"])
def test_nor_on_the_learners_own_machine(work, way):
    folder = work("1-1", "archive/later.py", WAYS[way])
    verdict = check(catalogue.find("1-1"), folder)
    assert not verdict.passed
    assert not verdict.broken, verdict.message


def test_the_solution_cannot_be_read(walled, work):
    stage = str(catalogue.find("1-1").stage_folder)
    folder = work("1-1", "archive/later.py", THE_SOLUTION.format(stage=stage))
    assert not graded("1-1", folder).passed


def test_a_liar_cannot_undo_what_the_database_says(walled, work):
    """The honest answers of 4-4, from a program that cancelled nothing."""
    lie = """
import json, os, sys
ok = {"status": 202, "text": "", "job": "0" * 32, "state": "cancelled",
      "made_up": [404, ""]}
no = ok | {"status": 404, "state": "queued"}
value = {"ana": ok, "bruno": no, "bruno's own": ok, "teacher": ok, "new": ok}
if "cancel_as" in str(sys._getframe(0)) or len(sys.argv) > 1 and sys.argv[-1].isdigit():
    os.write(int(sys.argv[-1]), json.dumps({"value": value}).encode())
    os._exit(0)
"""
    verdict = graded("4-4", work("4-4", "jobs/views.py", lie))
    assert not verdict.passed
    assert not verdict.broken, verdict.message


def test_a_prediction_is_compared_with_the_stage_and_not_with_the_learners(work):
    """All answers are "x", and a copy whose code says so, too."""
    exercise = catalogue.find("4-5")
    folder = work("4-5", "jobs/models.py", EXITS)
    answers = (folder / "prediction.toml").read_text()
    lines = [
        f'{line.partition("=")[0]}= "x"' for line in answers.splitlines() if "=" in line
    ]
    (folder / "prediction.toml").write_text("\n".join(lines))
    verdict = check(exercise, folder)
    assert "Your prediction for" in verdict.message


@pytest.mark.parametrize(
    "text",
    [
        "a = " + "[" * 20_000,
        "a = " + "[" * 900 + "]" * 900,
        "a = " + "9" * 5_000,
        "\0",
        "=",
    ],
    ids=["brackets", "closed brackets", "a long number", "a zero byte", "no name"],
)
def test_a_prediction_that_cannot_be_read_is_a_sentence(work, text):
    verdict = check(catalogue.find("4-5"), work("4-5", "prediction.toml", text))
    assert not verdict.passed
    assert not verdict.broken, verdict.message
    assert "prediction" in verdict.message or "Answers are missing" in verdict.message
