"""The commands about notebooks: open them, test them, store their outputs."""

import os
import signal
import subprocess
import sys

from workbook.lesson import catalogue as lessons
from workbook.run import terminal
from workbook.stages import ROOT

SETTINGS = ROOT / "workbook" / "jupyter"


def environment() -> dict[str, str]:
    """Jupyter's environment: our settings, and this Python's kernel before any other."""
    paths = [str(SETTINGS), os.environ.get("JUPYTER_CONFIG_PATH", "")]
    return {
        **os.environ,
        "JUPYTER_CONFIG_PATH": os.pathsep.join(filter(None, paths)),
        "JUPYTER_PREFER_ENV_PATH": "1",
    }


def open_lab() -> int:
    """Open JupyterLab on the first of the learner's copies; return its exit status."""
    for sentence in lessons.copy_to_learner():
        print(sentence)
    words = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={lessons.COPIES}"]
    words.append(f"--LabApp.default_url=/lab/tree/{lessons.find()[0].name}")
    if os.name == "posix" and os.geteuid() == 0:
        words.append("--allow-root")  # in a container everybody is root
    give_back = terminal.take()
    lab = subprocess.Popen(words, cwd=ROOT, env=environment())
    signal.signal(signal.SIGINT, lambda *_: None)  # it reaches JupyterLab too, which asks
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda number, _: lab.send_signal(number))
    try:
        return lab.wait()
    finally:
        give_back()


def test(*numbers: str) -> int:
    """Run the notebooks and compare with what they store; return 0 when they agree."""
    from workbook.lesson.kernel import CELL_LIMIT

    paths = lessons.find(*numbers)
    status = 0
    for path in paths:
        for line in lessons.not_run(path):
            print(f"{path.name}: stored without its output: {line}", file=sys.stderr)
            status = 1
    words = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    words += ["--nbval", "--nbval-current-env", "--nbval-cell-timeout", str(CELL_LIMIT)]
    words += ["--nbval-sanitize-with", str(lessons.FOLDER / "sanitize.cfg")]
    words += [str(path.relative_to(ROOT)) for path in paths]
    done = subprocess.run(words, cwd=ROOT, env=environment(), check=False)
    return done.returncode or status


def store(*words: str) -> int:
    """Run the notebooks and store what they now say otherwise; `--all`: everything."""
    from workbook.lesson.refresh import refresh

    numbers = [word for word in words if word != "--all"]
    for path in lessons.find(*numbers):
        changed = refresh(path, everything="--all" in words)
        print(f"{path.name}: {'stored anew' if changed else 'no change'}", flush=True)
    return 0


def mutants(*numbers: str) -> int:
    """Break the stages on purpose; 0 when every lesson notices."""
    from workbook.lesson.mutants import run

    return run(*numbers)


COMMANDS = {
    "notebooks": open_lab,
    "notebooks-test": test,
    "notebooks-refresh": store,
    "mutants": mutants,
}
