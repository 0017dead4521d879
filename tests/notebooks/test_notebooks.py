"""The lessons as files, and the tools that run, refresh, copy and break them."""

import json
import os
import re
import signal
import subprocess
import sys

import nbformat
import psutil
import pytest
from jupyter_client.manager import KernelManager
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from nbval.kernel import CURRENT_ENV_KERNEL_NAME, NbvalKernelspecManager

from workbook.change import Change
from workbook.lesson import catalogue as lessons
from workbook.lesson import kernel as notebook_kernel
from workbook.lesson import mutants, refresh
from workbook.lesson.start import Lesson
from workbook.run import variables
from workbook.stages import FOLDERS, ROOT

LESSONS = lessons.find()
MACHINE = re.compile(
    r"/(home|root|Users|tmp|work|var/folders)/|site-packages|[A-Z]:\\\\Users"
)
each_lesson = pytest.mark.parametrize("path", LESSONS, ids=lambda path: path.stem)


def outputs(path):
    return [output for cell in lessons.code_cells(path) for output in cell.outputs]


# --- the lessons as they are stored ---------------------------------------------


def test_every_stage_has_a_lesson():
    stems = {path.stem for path in LESSONS}
    assert set(FOLDERS.values()) <= stems


@each_lesson
def test_every_code_cell_was_run_in_order(path):
    counts = [cell.execution_count for cell in lessons.code_cells(path)]
    assert counts == list(range(1, len(counts) + 1))


@each_lesson
def test_no_output_shows_the_machine_it_was_made_on(path):
    texts = json.dumps(
        [{**output, "data": without_pictures(output)} for output in outputs(path)]
    )
    assert not MACHINE.search(texts), MACHINE.search(texts)


def without_pictures(output):
    data = output.get("data", {})
    return {kind: text for kind, text in data.items() if not kind.startswith("image/")}


@each_lesson
def test_no_output_is_a_traceback_or_a_widget(path):
    for output in outputs(path):
        assert "Traceback (most recent call last)" not in json.dumps(output)
        assert not any("widget" in kind for kind in output.get("data", {}))
        if output.output_type == "error":  # the last line of %xmode Minimal, no more
            assert len(output.traceback) == 1


@each_lesson
def test_every_lesson_has_claims_and_a_picture(path):
    texts = [output.get("text", "") for output in outputs(path)]
    assert sum(text.count("✔") for text in texts) >= 10
    assert any("image/png" in output.get("data", {}) for output in outputs(path))


@each_lesson
def test_every_picture_has_words_for_who_cannot_see_it(path):
    pictures = [one for one in outputs(path) if "image/png" in one.get("data", {})]
    alts = [one.metadata.get("image/png", {}).get("alt", "") for one in pictures]
    assert all(len(alt) > 40 for alt in alts), alts


@each_lesson
def test_a_lesson_is_stored_as_the_refresh_would_store_it(path):
    text = path.read_text(encoding="utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert nbformat.writes(notebook) + "\n" == text
    assert set(notebook.metadata) == {"kernelspec", "language_info"}


# --- the mutants ------------------------------------------------------------------


@pytest.mark.parametrize("mutant", mutants.read(), ids=lambda mutant: mutant.why)
def test_a_mutant_names_a_place_and_a_claim_that_exist(mutant):
    text = (ROOT / mutant.change.file).read_text()
    assert mutant.change.of(text) != text
    claim = mutant.fails_with.removeprefix("Not so: ")
    sources = "".join(
        cell.source for cell in lessons.code_cells(lessons.FOLDER / mutant.lesson)
    )
    assert claim in re.sub(r'"\s*f?"', "", sources)


@each_lesson
def test_every_lesson_has_mutants(path):
    assert len([mutant for mutant in mutants.read() if mutant.lesson == path.name]) >= 3


@pytest.fixture
def small_tree(tmp_path):
    """A tree with a notebook that claims what a file of it says."""
    (tmp_path / "notebooks").mkdir()
    (tmp_path / "fact.py").write_text("answer = 42\n")
    notebook = new_notebook(
        cells=[
            new_code_cell(
                "import sys; sys.path.insert(0, '..')\nfrom fact import answer\n"
                "assert answer != 7, 'Not so: the answer is not seven'\nanswer"
            )
        ]
    )
    nbformat.write(notebook, tmp_path / "notebooks" / "01_fact.ipynb")
    return tmp_path


@pytest.mark.parametrize(
    ("replace", "words", "verdict"),
    [
        ("answer = 7", "Not so: the answer is not seven", ""),
        ("answer = 43", "Not so: the answer is not seven", "did not notice"),
        ("answer = 1 / 0", "Not so: the answer is not seven", "failed otherwise"),
    ],
)
def test_a_mutant_counts_only_when_the_right_claim_fails(
    small_tree, replace, words, verdict
):
    change = Change("fact.py", "answer = 42", replace)
    mutant = mutants.Mutant("01_fact.ipynb", "why", change, words)
    found = mutants.judge(mutant, small_tree)
    assert verdict in found if verdict else found == ""
    assert (small_tree / "fact.py").read_text() == "answer = 42\n"


def test_a_run_leaves_no_kernel(small_tree):
    before = set(psutil.Process().children(recursive=True))
    notebook_kernel.execute(small_tree / "notebooks" / "01_fact.ipynb")
    (small_tree / "fact.py").write_text("answer = 7\n")
    assert "Not so" in mutants.failure(small_tree / "notebooks" / "01_fact.ipynb")
    assert set(psutil.Process().children(recursive=True)) == before


# --- the refresh ------------------------------------------------------------------

PATTERNS = [(r"\d+\.\d+ s", "A-WHILE")]


def notebook_with(text, picture="AAAA", source="show()", count=1):
    drawn = new_output("display_data", {"image/png": picture, "text/plain": "<Figure>"})
    said = new_output("stream", name="stdout", text=text)
    cell = new_code_cell(source, id="it", execution_count=count, outputs=[said, drawn])
    return new_notebook(cells=[new_markdown_cell("# Lesson", id="title"), cell])


def picture_of(notebook):
    return notebook.cells[1].outputs[1].data["image/png"]


def test_a_refresh_keeps_outputs_that_say_the_same():
    stored, new = notebook_with("took 1.25 s"), notebook_with("took 1.31 s", "BBBB")
    merged = refresh.merge(stored, stored, new, PATTERNS)
    assert nbformat.writes(merged) == nbformat.writes(stored)


def test_a_refresh_stores_outputs_that_say_something_else():
    stored, new = notebook_with("took 1.25 s"), notebook_with("took for ever", "BBBB")
    merged = refresh.merge(stored, stored, new, PATTERNS)
    assert merged.cells[1].outputs[0].text == "took for ever"
    assert picture_of(merged) == "BBBB"


def test_a_refresh_draws_anew_where_the_code_has_changed():
    stored = notebook_with("took 1.25 s")
    edited = notebook_with("took 1.25 s", source="show(wider=True)")
    new = notebook_with("took 1.25 s", "BBBB", source="show(wider=True)")
    assert picture_of(refresh.merge(stored, edited, new, PATTERNS)) == "BBBB"


def test_a_refresh_of_everything_keeps_no_output():
    stored, new = notebook_with("took 1.25 s"), notebook_with("took 1.31 s", "BBBB")
    assert picture_of(refresh.merge(None, stored, new, PATTERNS)) == "BBBB"


def test_a_picture_that_is_missing_is_a_difference():
    stored, new = notebook_with("took 1.25 s"), notebook_with("took 1.31 s")
    del new.cells[1].outputs[1]
    merged = refresh.merge(stored, stored, new, PATTERNS)
    assert len(merged.cells[1].outputs) == 1


def test_a_picture_without_words_is_a_difference():
    stored, new = notebook_with("took 1.25 s"), notebook_with("took 1.31 s", "BBBB")
    new.cells[1].outputs[1].metadata = {"image/png": {"alt": "It took 1.31 s."}}
    assert picture_of(refresh.merge(stored, stored, new, PATTERNS)) == "BBBB"


def test_ids_ports_and_times_are_made_equal_before_they_are_compared():
    def said(text):
        return refresh.said(
            [new_output("stream", name="stdout", text=text)], refresh.rules()
        )

    one = "job 2f1c9a52-0d35-4b7e-a3b0-6f3f0b0f9a11 at http://127.0.0.1:4711/ took 0.25 s"
    two = "job 0b8d6c1e-9d0e-4f27-8b41-5b0d1f0c7e22 at http://127.0.0.1:815/ took 12.00 s"
    assert said(one) == said(two)
    assert said("202 accepted") != said("503 accepted")


# --- the learner's copies ---------------------------------------------------------


@pytest.fixture
def shelf(tmp_path):
    """A folder with one lesson, and the folder for its copies."""
    folder = tmp_path / "notebooks"
    folder.mkdir()
    (folder / "01_first.ipynb").write_text("as it was")
    return folder, tmp_path / "copies"


def test_a_learner_gets_copies(shelf):
    folder, copies = shelf
    assert lessons.copy_to_learner(folder, copies) == []
    assert (copies / "01_first.ipynb").read_text() == "as it was"


def test_a_copy_that_the_learner_changed_is_never_overwritten(shelf):
    folder, copies = shelf
    lessons.copy_to_learner(folder, copies)
    (copies / "01_first.ipynb").write_text("the learner's own work")
    assert lessons.copy_to_learner(folder, copies) == [
        "Your own 01_first.ipynb was kept; delete it to begin anew."
    ]
    (folder / "01_first.ipynb").write_text("a newer lesson")
    lessons.copy_to_learner(folder, copies)
    assert (copies / "01_first.ipynb").read_text() == "the learner's own work"


def test_a_copy_that_nobody_changed_follows_the_lesson(shelf):
    folder, copies = shelf
    lessons.copy_to_learner(folder, copies)
    (folder / "01_first.ipynb").write_text("a newer lesson")
    assert lessons.copy_to_learner(folder, copies) == []
    assert (copies / "01_first.ipynb").read_text() == "a newer lesson"


def test_a_copy_without_a_note_of_its_making_is_the_learners(shelf):
    folder, copies = shelf
    lessons.copy_to_learner(folder, copies)
    (copies / "01_first.ipynb").write_text("the learner's own work")
    (copies / lessons.COPIED).write_text("{broken")
    assert len(lessons.copy_to_learner(folder, copies)) == 1
    assert (copies / "01_first.ipynb").read_text() == "the learner's own work"


def test_a_notebook_that_is_not_there_is_named():
    with pytest.raises(ValueError, match="There is no notebook '99'"):
        lessons.find("99")


def test_a_cell_that_was_never_run_is_found(tmp_path):
    notebook = new_notebook(cells=[new_code_cell("once()", execution_count=1)])
    notebook.cells.append(new_code_cell("never()"))
    nbformat.write(notebook, tmp_path / "01_first.ipynb")
    assert lessons.not_run(tmp_path / "01_first.ipynb") == ["never()"]


# --- the end of a kernel ------------------------------------------------------------

BEGIN = f"""
import sys; sys.path.insert(0, {str(ROOT)!r})
from workbook.lesson.start import start_stage
lesson = start_stage(1)
"""
LONG_COMMAND = "lesson.manage('shell', '-c', 'import time; time.sleep(600)', within=600)"


@pytest.fixture
def kernel(tmp_path):
    manager = KernelManager(
        kernel_name=CURRENT_ENV_KERNEL_NAME, kernel_spec_manager=NbvalKernelspecManager()
    )
    manager.start_kernel(cwd=str(tmp_path))
    client = manager.client()
    client.start_channels()
    client.wait_for_ready(timeout=60)
    yield manager, client
    client.stop_channels()
    manager.shutdown_kernel(now=True)


@pytest.mark.skipif(os.name != "posix", reason="kill -9 is for systems with signals")
def test_a_kernel_killed_with_9_leaves_no_process(kernel, wait_for):
    manager, client = kernel
    reply = client.execute_interactive(BEGIN, timeout=90, output_hook=lambda message: None)
    assert reply["content"]["status"] == "ok", reply["content"]
    client.execute(LONG_COMMAND)
    me = psutil.Process(manager.provisioner.pid)

    def processes():
        found = me.children(recursive=True)
        return (
            found
            if any("time.sleep(600)" in word for p in found for word in p.cmdline())
            else []
        )

    started = wait_for(processes, what="the command to run")
    assert any("celery" in " ".join(process.cmdline()) for process in started)
    me.send_signal(signal.SIGKILL)
    wait_for(
        lambda: not any(alive(process) for process in started),
        within=40,
        what="the processes of the lesson to end",
    )


OPEN_LAB = """
import sys
from pathlib import Path
from workbook.lesson import catalogue as lessons, commands as notebooks
lessons.copy_to_learner = list
lessons.COPIES = Path(sys.argv[1])
sys.exit(notebooks.open_lab())
"""


def test_jupyterlab_ends_with_the_command_that_opened_it(tmp_path, wait_for):
    log = tmp_path / "lab.log"
    with log.open("wb") as output:
        command = subprocess.Popen(
            [sys.executable, "-c", OPEN_LAB, str(tmp_path)],
            cwd=ROOT,
            env={**os.environ, "BROWSER": "true"},
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    wait_for(lambda: "is running at" in log.read_text(), 60, what="JupyterLab to run")
    wait_for(lambda: f"/lab/tree/{LESSONS[0].name}" in log.read_text(), 60)
    started = psutil.Process(command.pid).children(recursive=True)
    command.terminate()
    status = command.wait(30)
    left = [process for process in started if alive(process)]
    for process in left:
        process.kill()
    assert (status, left) == (0, []), log.read_text()


def alive(process):
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


@pytest.mark.parametrize("name", sorted(variables.NAMES_OF_A_RUN))
def test_a_lesson_hears_no_variable_of_a_run_from_outside(monkeypatch, name):
    monkeypatch.setenv(name, "outside")
    monkeypatch.setenv("PORTAL", "stays")
    run = Lesson(2).run
    assert run.environment.get(name) != "outside"
    assert run.environment["PORTAL"] == "stays"
