"""Which exercises there are: each is a folder `0N_*/exercises/M_slug/`.

exercise.toml   title, kind, minutes, files to edit, hints, what fails with which words
README.md       the task
starter/        the files that the learner's copy has instead of the stage's; without
                it the learner begins with the stage itself
solution/       the same for a right answer; without it the stage itself is the answer
test_check.py   functions test_...(copy): what a right answer does
"""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

from workbook.stages import FOLDERS, ROOT

KINDS = ("build", "repair", "predict")
LIMIT = 40  # seconds for one check, unless exercise.toml says otherwise
TYPES = {
    "title": str,
    "kind": str,
    "minutes": int,
    "edit": list,
    "hints": list,
    "starter_fails_with": str,
    "wrong": list,
}


class Malformed(ValueError):
    """An exercise's folder is not as it should be; the message names the file."""


@dataclass(frozen=True)
class Wrong:
    """A typical wrong answer: the solution with `find` replaced, and its words."""

    file: str
    find: str
    replace: str
    fails_with: str


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
    starter_fails_with: str
    wrong: tuple[Wrong, ...]
    limit: int = LIMIT  # seconds

    @property
    def name(self) -> str:
        """How a learner calls it: "1-2"."""
        return f"{self.stage}-{self.number}"

    @property
    def starter(self) -> Path:
        return self.folder / "starter"

    @property
    def solution(self) -> Path:
        return self.folder / "solution"

    @property
    def stage_folder(self) -> Path:
        return ROOT / FOLDERS[self.stage]


def read_exercise(folder: Path, stage: int) -> Exercise:
    """Read one exercise; Malformed, naming the file, when it is not right."""
    number = re.match(r"(\d+)_[a-z0-9_]+$", folder.name)
    if not number:
        raise Malformed(f"{folder.name}: an exercise's folder is named like 3_some_words.")
    where = f"{folder.parent.parent.name}/exercises/{folder.name}"
    for name in ("exercise.toml", "README.md", "test_check.py"):
        if not (folder / name).exists():
            raise Malformed(f"{where}: {name} is missing.")
    if not (folder / "starter").is_dir() and not (folder / "solution").is_dir():
        raise Malformed(f"{where}: it needs starter/ or solution/.")
    try:
        data = tomllib.loads((folder / "exercise.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"{where}/exercise.toml cannot be read: {error}.") from None
    _require(data, f"{where}/exercise.toml")
    wrong = tuple(Wrong(**answer) for answer in data["wrong"])
    return Exercise(
        stage,
        int(number[1]),
        folder,
        data["title"],
        data["kind"],
        data["minutes"],
        tuple(data["edit"]),
        tuple(data["hints"]),
        data["starter_fails_with"],
        wrong,
        data.get("limit", LIMIT),
    )


def _require(data: dict, where: str):
    for key, kind in TYPES.items():
        if type(data.get(key)) is not kind or not data[key]:
            raise Malformed(f"{where}: {key} must be there, as {kind.__name__}.")
    unknown = set(data) - set(TYPES) - {"limit"}
    if unknown:
        raise Malformed(f"{where}: unknown {', '.join(sorted(unknown))}.")
    if data["kind"] not in KINDS:
        raise Malformed(f"{where}: kind must be one of {', '.join(KINDS)}.")
    if not 1 <= data["minutes"] <= 20:
        raise Malformed(f"{where}: minutes must be 1 to 20.")
    if not 1 <= data.get("limit", LIMIT) <= 120:
        raise Malformed(f"{where}: limit must be 1 to 120 seconds.")
    if len(data["hints"]) != 3 or not all(isinstance(hint, str) for hint in data["hints"]):
        raise Malformed(f"{where}: there must be three hints, each a text.")
    if not all(isinstance(path, str) for path in data["edit"]):
        raise Malformed(f"{where}: edit must be a list of paths.")
    if len(data["wrong"]) < 2:
        raise Malformed(f"{where}: at least two [[wrong]] answers are needed.")
    keys = set(Wrong.__dataclass_fields__)
    for answer in data["wrong"]:
        if set(answer) != keys or not all(
            isinstance(text, str) for text in answer.values()
        ):
            raise Malformed(
                f"{where}: a [[wrong]] has {', '.join(sorted(keys))}, all texts."
            )


def exercises(stage: int | None = None) -> list[Exercise]:
    """Return all exercises, or those of one stage, in their order."""
    found = []
    for number, name in FOLDERS.items():
        folder = ROOT / name / "exercises"
        if stage in (None, number) and folder.is_dir():
            children = (path for path in folder.iterdir() if path.is_dir())
            parts = (path for path in children if path.name[0] not in "._")
            found += [read_exercise(path, number) for path in parts]
    found.sort(key=lambda exercise: (exercise.stage, exercise.number))
    names = [exercise.name for exercise in found]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise Malformed(f"Two exercises have the number {', '.join(sorted(twice))}.")
    return found


def find(name: str) -> Exercise:
    """Return exercise "N-M"; ValueError, for the learner, when there is none."""
    if not re.fullmatch(r"[0-9]-[0-9]{1,2}", name):
        raise ValueError(
            f"{name!r} is not an exercise: write stage-exercise, for example 1-2."
        )
    stage = int(name[0])
    there = exercises(stage) if stage in FOLDERS else []
    for exercise in there:
        if exercise.name == name:
            return exercise
    names = ", ".join(exercise.name for exercise in there) or "none in that stage"
    raise ValueError(f"There is no exercise {name}; there are: {names}.")
