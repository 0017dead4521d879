"""The parts of `make test`: which there are, and the command of each."""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

from workbook.stages import FOLDERS, ROOT

# Folders of tests/ whose files start a stage: each is a part of its own.
LIVE = ("browser", "stages", "run", "doctor")
# Parts that take more than a minute: they begin first.
SLOW = "exercises|path|notebook 0[345]|fire|ending|deploy|setup|panel|servers|room|inbox"
# nbval takes 3 s to import; no part but the notebooks' own has use for it.
WITHOUT = ("-p", "no:cacheprovider", "-p", "no:nbval")


@dataclass(frozen=True)
class Part:
    """One command of the suite. `junit`: pytest shall write its results as XML."""

    name: str
    words: tuple[str, ...]
    junit: bool = False

    @property
    def slug(self) -> str:
        return re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")


def workbook_command(name: str, command: str, *words: str) -> Part:
    return Part(name, (sys.executable, "-m", "workbook", command, *words))


def pytest_part(name: str, *paths: str) -> Part:
    words = (sys.executable, "-m", "pytest", "-q", *WITHOUT, *paths)
    return Part(name, words, junit=True)


def stage_parts(number: int, root: Path = ROOT) -> list[Part]:
    """The tests of one stage: the live ones, those in a browser, and, quick, its own."""
    parts = []
    for folder in LIVE:
        for file in sorted((root / "tests" / folder).rglob(f"test_stage_{number}_*.py")):
            topic = file.stem.removeprefix(f"test_stage_{number}_")
            name = f"stage {number}, {folder}: {topic}"
            parts.append(pytest_part(name, str(file.relative_to(root))))
    if any((root / FOLDERS[number]).glob("tests/test_*.py")):
        parts.append(pytest_part(f"stage {number}, own tests", FOLDERS[number]))
    return parts


def other_parts(root: Path = ROOT) -> list[Part]:
    """What belongs to no stage: each folder of tests/, and the rest of LIVE's."""
    parts = []
    for folder in sorted(path for path in (root / "tests").iterdir() if path.is_dir()):
        files = sorted(folder.rglob("test_*.py"))
        if folder.name in LIVE:
            stages = "".join(map(str, FOLDERS))
            files = [f for f in files if not re.match(rf"test_stage_[{stages}]_", f.name)]
        paths = [str(file.relative_to(root)) for file in files]
        if folder.name in LIVE:  # slow ones: in parts of their own
            parts += [pytest_part(path.removesuffix(".py"), path) for path in paths]
        elif paths:
            parts.append(pytest_part(f"tests/{folder.name}", *paths))
    loose = sorted(str(f.relative_to(root)) for f in (root / "tests").glob("test_*.py"))
    return parts + ([pytest_part("tests", *loose)] if loose else [])


def long_parts(commands) -> list[Part]:
    """The workbook's own commands that prove something: the longest parts there are."""
    long = [("exercises", "exercises-test", "few"), ("the path", "build-test")]
    long += [("the path's pages", "build-walk")]
    numbers = [path.name.partition("_")[0] for path in notebooks()]
    long += [(f"notebook {number}", "notebooks-test", number) for number in numbers]
    return [workbook_command(*words) for words in long if words[1] in commands]


def notebooks(root: Path = ROOT) -> list[Path]:
    return sorted((root / "notebooks").glob("[0-9]*.ipynb"))


def all_parts(commands, root: Path = ROOT) -> list[Part]:
    """Everything. `commands`: the names of the workbook's commands that exist."""
    stages = [part for number in FOLDERS for part in stage_parts(number, root)]
    stages.reverse()
    every = [*long_parts(commands), *other_parts(root), *stages]
    # The longest first: so no core is without work at the end.
    every.sort(key=lambda part: not re.search(SLOW, part.name))
    return [workbook_command("lint", "lint"), *every]
