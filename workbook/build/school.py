"""The learner's school: my_work/school/, a git repository in which a step is a commit.

Which steps are done is read from the commits. Nothing of the learner's is overwritten:
what would be in the way is kept beside, under another name.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

from workbook.build.replay import do_step, make_start
from workbook.build.step import Step, steps
from workbook.exercises.copies import MY_WORK
from workbook.refusal import Refusal

FOLDER = MY_WORK / "school"
# In the repository's own list, so that the folder is empty at the beginning.
IGNORED = "var/\n__pycache__/\n*.sqlite3*\ncelerybeat-schedule*\n*.mine-*\n"


def git(*words: str) -> str:
    """Run git in the school; return what it prints."""
    env = {name: value for name, value in os.environ.items() if name[:4] != "GIT_"}
    words = ("git", "-C", str(FOLDER), *words)
    done = subprocess.run(words, env=env, capture_output=True, text=True, check=False)
    if done.returncode:
        said = done.stderr.strip().splitlines() or ["no reason"]
        raise Refusal(f"git in my_work/{FOLDER.name}/ says: {said[-1]}")
    return done.stdout


def ensure(stage: int = 1) -> bool:
    """Make the school unless it is there; return whether it was made."""
    if not shutil.which("git"):
        raise Refusal("The path needs git: install it, for example `apt install git`.")
    if FOLDER.exists():
        if not (FOLDER / ".git").is_dir():
            raise Refusal("my_work/school is there, without its git: rename that folder.")
        return False
    make_start(stage, FOLDER)
    git("init", "--quiet", "--initial-branch=main")
    for name, value in (
        ("user.name", "Learner"),
        ("user.email", "learner@school.example"),
        ("commit.gpgsign", "false"),
        ("core.autocrlf", "false"),
    ):
        git("config", name, value)
    exclude = FOLDER / ".git" / "info" / "exclude"
    exclude.parent.mkdir(exist_ok=True)
    exclude.write_text(IGNORED)
    if stage > 1:
        commit(f"The end of stage {stage - 1}")
    return True


def commit(subject: str):
    git("add", "--all")
    git("commit", "--quiet", "--allow-empty", "--no-verify", f"--message={subject}")


def finish(step: Step):
    commit(f"Step {step.name}: {step.title}")


def current() -> Step | None:
    """Return the step that comes after the last finished one; None at the end."""
    subjects = git("log", "--all", "--format=%s") if _has_commits() else ""
    done = set(re.findall(r"^Step (\d-\d+): ", subjects, re.M))
    began = re.search(r"^The end of stage (\d)$", subjects, re.M)
    last = (int(began[1]) + 1) * 100 if began else 0
    for step in steps():
        if step.name in done:
            last = max(last, _order(step))
    return next((step for step in steps() if _order(step) > last), None)


def _order(step: Step) -> int:
    return step.stage * 100 + step.number


def _has_commits() -> bool:
    return bool(git("for-each-ref", "--count=1").strip())


def begin_before(step: Step) -> Path | None:
    """Make the school as it is before `step`; return where the old one was put."""
    kept = None
    if FOLDER.exists():
        kept = FOLDER.rename(free_name(FOLDER, "before"))
    ensure(step.stage)
    for earlier in steps():
        if earlier.stage == step.stage and earlier.number < step.number:
            do_step(earlier, FOLDER)
            finish(earlier)
    return kept


def free_name(path: Path, word: str) -> Path:
    """Return a name beside `path` that nobody has: views.py.mine-1."""
    number = 1
    while (there := path.with_name(f"{path.name}.{word}-{number}")).exists():
        number += 1
    return there
