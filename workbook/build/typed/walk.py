"""A walk along the path's pages as a reader: each block is done or typed in its place."""

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from workbook.build.page import CtrlC, Session
from workbook.build.replay import do_part, make_start
from workbook.build.step import Step, of_stage
from workbook.build.typed.typist import Typist
from workbook.stages import FOLDERS, ROOT

# To start all processes is dear. What these pages show after their last edit is still so in
# a later step: it is typed there.
TYPED_LATER = {"1-7": "1-9", "1-10": "1-11", "1-12": "1-14", "1-13": "1-14"}
WALKED = (1,)  # stages
NEEDED = ("Makefile", "pyproject.toml", "requirements", "workbook")


def workbook_of_its_own(stage: int, folder: Path) -> Path:
    """Make a workbook with the school as it is when the stage's path begins."""
    folder.mkdir()
    for name in (*NEEDED, FOLDERS[stage]):
        if (ROOT / name).is_dir():
            out = shutil.ignore_patterns("var", "*.sqlite3*")
            shutil.copytree(ROOT / name, folder / name, ignore=out)
        else:
            shutil.copy2(ROOT / name, folder / name)
    (folder / ".venv").symlink_to((ROOT / ".venv").resolve())
    (folder / ".curlrc").write_text("silent\nshow-error\n")
    school = folder / "my_work" / "school"
    school.parent.mkdir()
    make_start(stage, school)
    subprocess.run(["git", "init", "--quiet", str(school)], check=True)
    return folder


def walk(stage: int) -> Iterator[tuple[str, list[str]]]:
    """Yield the steps whose terminals were looked at, and what is not as shown."""
    waiting: dict[str, list] = {}
    with tempfile.TemporaryDirectory(prefix="walk-") as scratch:
        typist = Typist(workbook_of_its_own(stage, Path(scratch) / "workbook"))
        try:
            for step in of_stage(stage):
                parts, later = until_the_last_edit(step.page.parts)
                if step.name in TYPED_LATER:
                    waiting[step.name] = later
                else:
                    parts += later
                names = [name for name in waiting if TYPED_LATER[name] == step.name]
                others = [part for name in names for part in waiting.pop(name)]
                parts = with_others(parts, others)
                wrong = do(step, parts, typist)
                if any(isinstance(part, Session) for part in parts):
                    yield " and ".join([*names, step.name]), wrong
        finally:
            typist.press_ctrl_c("all")


def until_the_last_edit(parts) -> tuple[list, list]:
    """Return the parts up to the last that changes a file, and those after it."""
    edits = [n for n, part in enumerate(parts) if not isinstance(part, (Session, CtrlC))]
    last = edits[-1] + 1 if edits else 0
    return list(parts[:last]), list(parts[last:])


def with_others(parts: list, others: list) -> list:
    """Put what was left for now behind the start of all processes, else after the edits."""
    for n, part in enumerate(parts):
        if others and isinstance(part, Session) and "make build-run" in part.text:
            return parts[: n + 1] + others + parts[n + 1 :]
    before, after = until_the_last_edit(parts)
    return before + others + after


def do(step: Step, parts: list, typist: Typist) -> list[str]:
    """Do the parts of a page; return what was not as shown."""
    wrong = []
    for part in in_sittings(parts):
        if isinstance(part, Session):
            wrong += typist.type(part)
        elif isinstance(part, CtrlC):
            typist.press_ctrl_c(part.kind)
        else:
            do_part(step, part, typist.school)
            typist.edited()
    return wrong


def in_sittings(parts: list) -> list:
    """Join what is typed into the same shell."""
    joined = []
    for part in parts:
        if joined and in_the_shell(part) and in_the_shell(joined[-1]):
            joined[-1] = Session("pycon", joined[-1].text + part.text)
        else:
            joined.append(part)
    return joined


def in_the_shell(part) -> bool:
    return isinstance(part, Session) and part.kind == "pycon"


def prove(number: str = "") -> int:
    """Walk the paths, or a stage's, and say what is not as shown; return the status."""
    passed = failed = 0
    for one in [int(number)] if number else WALKED:
        started = time.monotonic()
        for names, wrong in walk(one):
            passed, failed = passed + (not wrong), failed + bool(wrong)
            word = "FAILED" if wrong else "passed"
            print(f"{word} {names}: terminals say what the page shows", flush=True)
            for sentence in wrong:
                print("   ", sentence.replace("\n", "\n      "), flush=True)
        print(f"Stage {one}: {time.monotonic() - started:.0f} s")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0
