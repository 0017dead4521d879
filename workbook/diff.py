"""What a stage adds to the one before it, as one diff to be read in one sitting."""

import signal
import subprocess
import tempfile
from pathlib import PurePath

from workbook import stages

# Not what the lesson is about, or written by a tool, or no text.
FOLDERS = {"tests", "exercises", "step_by_step", "labs", "migrations"}
NAMES = {"__init__.py", "README.md"}
PICTURES = {".png", ".jpg", ".gif", ".ico", ".svg", ".webp"}


def is_code(path: str) -> bool:
    """Whether the file, named from its stage's folder, belongs in the diff."""
    path = PurePath(path)
    return not (FOLDERS & set(path.parts) or path.name in NAMES or path.suffix in PICTURES)


def show(number: int | str) -> int:
    """Print the diff: a line for each file, then the code. Return git's status."""
    now = stages.stage(number).number
    if now == min(stages.FOLDERS):
        raise ValueError(
            f"Stage {now} is the first: there is nothing before it to compare with."
        )
    stays = stages.STAYS.get(now - 1, ())
    before = [path for path in stages.files(now - 1) if not path.startswith(stays)]
    with tempfile.TemporaryDirectory() as work:
        trees = [tree(work, now - 1, before), tree(work, now, stages.files(now))]
        words = ["diff", "--stat", "--patch", "--find-renames", *trees]
        status = subprocess.run(["git", "--git-dir", work, *words], check=False).returncode
    return 0 if status == -signal.SIGPIPE else status  # `| head` has read enough


def tree(work: str, number: int, paths: list[str]) -> str:
    """Return the id of a git tree of the code among `paths`, in a repository of its own.

    With trees git names each file as its stage does: exports/views.py.
    """

    def git(*words: str, given: str = "") -> str:
        return subprocess.run(
            ["git", "--git-dir", work, "--work-tree", ".", *words],
            cwd=stages.ROOT / stages.FOLDERS[number],
            input=given,
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()

    git("init", "--quiet")
    git("read-tree", "--empty")
    code = "\0".join(path for path in paths if is_code(path))
    git("add", "--force", "--pathspec-from-file=-", "--pathspec-file-nul", given=code)
    return git("write-tree")
