"""The wall between a learner's code and the rest of the machine, where Linux has one."""

import functools
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from workbook.exercises.catalogue import Exercise

# Namespaces of its own: users, files, processes, network. When the first process
# ends, or is ended, the kernel ends all the others in them.
UNSHARE = ["unshare", "--user", "--map-root-user", "--mount", "--pid", "--net", "--ipc"]
UNSHARE += ["--fork", "--kill-child", "--mount-proc"]


@functools.cache
def reason_against() -> str:
    """Return why there is no wall on this machine; "" when there is one."""
    if sys.platform != "linux" or not shutil.which("unshare"):
        return "it needs Linux with `unshare`"
    with tempfile.TemporaryDirectory() as scratch:
        code = (
            "import sys; from pathlib import Path; "
            "from workbook.exercises.grading import seal; "
            "seal.build_wall(Path(sys.argv[1]))"
        )
        root = Path(__file__).parents[3]
        tried = subprocess.run(
            [*UNSHARE, sys.executable, "-c", code, scratch],
            cwd=root,
            capture_output=True,
            text=True,
            timeout=20,
            check=False,
        )
    said = tried.stderr.strip().splitlines()
    return "" if tried.returncode == 0 else (said[-1] if said else "the kernel refuses")


def command(exercise: Exercise, folder: Path, scratch: Path) -> list[str]:
    """Return the command of a judge that works on a copy of `folder` in `scratch`."""
    sealed = not reason_against()
    words = [*UNSHARE] if sealed else []
    words += [sys.executable, "-m", "workbook.exercises.grading.seal"]
    words += ["sealed" if sealed else "open", str(scratch)]
    return [*words, str(exercise.folder / "test_check.py"), str(folder)]
