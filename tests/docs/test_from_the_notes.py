"""docs/from-the-notes.md: every topic has its row, and all that a row points to exists."""

import re
import subprocess

import pytest

from workbook.build.step import find
from workbook.exercises import catalogue
from workbook.stages import FOLDERS, ROOT

PAGE = ROOT / "docs" / "from-the-notes.md"
TEXT = PAGE.read_text()
ROW = re.compile(r"^\| (\d)\.(\d+) \| (.+) \|$", re.M)
NOTES = ("D0", "D1", "D2", "D3", "D4")
LAST = {1: 16, 2: 10, 3: 10, 4: 9}  # how many topics a stage has


def slug(heading: str) -> str:
    """The anchor that is made of a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def rows() -> list[tuple[int, int, list[str]]]:
    """(stage, number, the other cells) of each row of the topics' tables."""
    found = [(int(m[1]), int(m[2]), m[3].split(" | ")) for m in ROW.finditer(TEXT)]
    assert all(len(cells) == 6 for _, _, cells in found)
    return found


def section(title: str) -> str:
    return TEXT.split(f"\n## {title}")[1].split("\n## ")[0]


def test_the_topics_are_numbered_without_a_gap():
    there = {stage: set() for stage in FOLDERS}
    for stage, number, _ in rows():
        there[stage].add(number)
    assert there == {stage: set(range(1, LAST[stage] + 1)) for stage in FOLDERS}


def test_a_topic_of_several_notes_has_one_answer():
    cells = {}
    for stage, number, row in rows():
        assert cells.setdefault((stage, number), row) == row


@pytest.mark.parametrize("name", NOTES)
def test_each_note_has_a_table(name):
    assert len(ROW.findall(section(f"{name}: "))) >= 4


def test_what_stands_is_shown_and_what_does_not_says_so():
    for _, number, (_, step, file, read, tried, exercise) in rows():
        if tried.startswith("not yet"):
            assert (step, file, read, exercise) == ("—",) * 4
        else:
            assert tried.startswith("in part") or re.fullmatch(r"`[^`]+`", tried)
            assert any(cell != "—" for cell in (step, file, read, exercise)), number


def test_every_file_of_a_row_is_in_its_stage():
    for stage, _, (_, _, files, _, _, _) in rows():
        for path in re.findall(r"`([^`]+)`", files):
            assert (ROOT / FOLDERS[stage] / path).is_file(), path


def test_every_step_and_exercise_is_the_one_that_its_number_names():
    exercises = {exercise.name: exercise.folder for exercise in catalogue.exercises()}
    for name, target in re.findall(r"\[(\d-\d+)\]\(\.\./(.*?)/README\.md\)", TEXT):
        folder = find(name).folder if "/step_by_step/" in target else exercises[name]
        assert ROOT / target == folder
    assert set(re.findall(r"exercises/\w+/README", TEXT)) == {
        f"exercises/{folder.name}/README" for folder in exercises.values()
    }
    for name in re.findall(r"step (\d-\d+)", TEXT):
        find(name)
    for name in re.findall(r"exercise (\d-\d+)", TEXT):
        assert name in exercises


def test_of_a_stage_whose_steps_are_named_all_are():
    linked = set(re.findall(r"\.\./(\d\d_\w+)/step_by_step/(\w+)/README\.md", TEXT))
    for stage in {stage for stage, _ in linked}:
        folders = {folder.name for folder in (ROOT / stage / "step_by_step").glob("[0-9]*")}
        assert {folder for one, folder in linked if one == stage} == folders


def test_every_chapter_that_is_linked_has_its_heading():
    links = re.findall(r"\]\(([^)#]*)#([^)]+)\)", TEXT)
    assert len(links) > 40
    for target, anchor in links:
        text = (PAGE.parent / target).read_text() if target else TEXT
        assert anchor in map(slug, re.findall(r"^#+ (.+)$", text, re.M)), (target, anchor)


def test_every_make_target_is_in_the_makefile():
    makefile = (ROOT / "Makefile").read_text()
    for name in re.findall(r"\bmake ([\w-]+)`", TEXT):
        general = re.sub(r"-[\d-]+$", "-%", name)
        assert re.search(rf"^{re.escape(general)}:", makefile, re.M), name


@pytest.mark.parametrize("title", ["Names", "Words", "What is wrong"])
def test_every_path_and_name_of_ours_exists(title):
    lines = re.findall(r"^\| (?!in the|word |---)(.+) \|$", section(title), re.M)
    assert len(lines) >= 8
    for line in lines:
        *_, ours, where = line.split(" | ")
        for path in re.findall(r"`([\w./-]+/[\w./-]*|[\w-]+\.yml)`", where):
            assert (ROOT / path).exists(), path
        for name in re.findall(r"`\"?(\w+)\"?`", ours) if title == "Names" else ():
            words = ["git", "grep", "-qw", name, "--", "0*.py"]
            assert subprocess.run(words, cwd=ROOT, check=False).returncode == 0, name
