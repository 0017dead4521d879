"""What an exercise is."""

from dataclasses import dataclass
from pathlib import Path

from workbook.change import Change
from workbook.stages import FOLDERS, ROOT

LIMIT = 40  # seconds for one check, unless exercise.toml says otherwise


class Malformed(ValueError):
    """An exercise's folder is not as it should be; the message names the file."""


@dataclass(frozen=True)
class Answer:
    """An answer that somebody may give: the solution with a few changes."""

    what: str  # it is, in a few words
    changes: tuple[Change, ...]
    fails_with: str = ""  # words of the check; none for a right answer


@dataclass(frozen=True)
class Exercise:
    stage: int
    number: int
    folder: Path
    title: str
    kind: str
    minutes: int
    edit: tuple[str, ...]
    hints: tuple[str, ...]
    why: str  # the answer works
    read_on: tuple[str, ...]
    starter_fails_with: str
    starter: tuple[Change, ...]  # from the stage to what the learner begins with
    solution: tuple[Change, ...]  # from the stage to a right answer
    wrong: tuple[Answer, ...]
    right: tuple[Answer, ...]
    limit: int = LIMIT  # seconds

    @property
    def name(self) -> str:
        """How a learner calls it: "1-2"."""
        return f"{self.stage}-{self.number}"

    @property
    def new_files(self) -> Path:
        """The folder of the files that the stage has not; every copy has them."""
        return self.folder / "starter"

    @property
    def stage_folder(self) -> Path:
        return ROOT / FOLDERS[self.stage]
