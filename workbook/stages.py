"""The stages: where they are, and which files a stage may change.

A stage is the one before it plus one idea. Every other file that stands in two
neighbouring stages is the same to the byte; `carry` copies it forward and a
test compares.
"""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = {
    1: "01_celery_basics",
    2: "02_csv_email",
    3: "03_channels_chat",
    4: "04_celery_plus_ws",
}
FIRST_WITH_SOCKETS = 3  # from this stage on the web speaks WebSocket
# Each stage's own: its lesson, steps, exercises, measurements and front page.
OWN = (
    "README.md",
    "exercises/",
    "home/static/",
    "home/templates/",
    "labs/",
    "step_by_step/",
    "tests/labs/",
    "tests/test_home.py",
)
# What stays in the stage that teaches it, because no later one stands on it.
STAYS: dict[int, tuple[str, ...]] = {
    1: (
        "archive/",
        "certificates/",
        "home/static/",
        "students/tasks.py",
        "tests/archive/",
        "tests/queueing/test_queues.py",
    ),
    3: (
        "chat/static/chat/steps.js",
        "chat/steps/",
        "chat/templates/chat/steps.html",
        "home/",
        "tests/chat/test_steps.py",
    ),
}
# The files that stage N changes, against stage N-1. Kept short on purpose.
CHANGED: dict[int, tuple[str, ...]] = {
    2: ("config/settings.py", "config/urls.py"),
    3: ("Procfile", "Procfile.dev", "config/settings.py", "config/urls.py"),
    4: (
        "Procfile",
        "Procfile.dev",
        "config/routing.py",
        "config/settings.py",
        "config/urls.py",
    ),
}


@dataclass(frozen=True)
class Stage:
    """One stage: its number and the folder it runs from."""

    number: int
    folder: Path

    @property
    def has_mail(self) -> bool:
        """Whether the stage sends e-mail and so wants the local inbox."""
        return (self.folder / "outbox").is_dir()

    @property
    def default_port(self) -> int:
        return 8000 + self.number


def with_sockets() -> list[int]:
    """Return the numbers of the stages whose web speaks WebSocket."""
    return [number for number in FOLDERS if number >= FIRST_WITH_SOCKETS]


def no_such_stage(number) -> ValueError:
    """Return an error that names the stages there are."""
    *others, last = FOLDERS
    known = f"{', '.join(map(str, others))} or {last}"
    return ValueError(f"There is no stage {number!r}: it is {known}.")


def stage(number: int | str, work: str = "") -> Stage:
    """Return stage `number`; with `work` ("1-2"), the learner's copy of it.

    Raises ValueError with a sentence for a learner when there is none.
    """
    try:
        folder = ROOT / FOLDERS[int(number)]
    except (KeyError, ValueError):
        raise no_such_stage(number) from None
    if work:
        folder = ROOT / "my_work" / work
        if not work.startswith(f"{number}-") or not folder.is_dir():
            raise ValueError(f"There is no my_work/{work} of stage {number} yet.")
    if not (folder / "manage.py").exists():
        raise ValueError(
            f"Stage {number} is not there: {folder.name}/manage.py is missing."
        )
    return Stage(int(number), folder)


def files(number: int) -> list[str]:
    """Return the paths of stage `number`, as git sees them: nothing that it ignores."""
    folder = ROOT / FOLDERS[number]
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "."],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()
    return [path for path in sorted(listing) if (folder / path).exists()]


def shared_files(number: int) -> list[str]:
    """Return the paths of stage `number` that must be the same in stage `number + 1`."""
    stays = OWN + STAYS.get(number, ())
    return [
        path
        for path in files(number)
        if not path.startswith(stays) and path not in CHANGED.get(number + 1, ())
    ]


def carry() -> list[str]:
    """Copy each stage's shared files into the next stage; return what was written."""
    written = []
    for number in list(FOLDERS)[:-1]:
        here, there = ROOT / FOLDERS[number], ROOT / FOLDERS[number + 1]
        if not here.is_dir() or not there.is_dir():
            continue
        for path in shared_files(number):
            target = there / path
            if target.exists() and target.read_bytes() == (here / path).read_bytes():
                continue
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(here / path, target)
            written.append(str(target.relative_to(ROOT)))
    return written
