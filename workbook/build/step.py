"""Which steps there are: each is a folder `0N_*/step_by_step/MM_slug/`.

README.md       the page (page.py)
step.toml       hints; fails_before, the check's words before the step; [[slip]]: a wrong
                turn that people take, as changes to the folder after the step
test_check.py   functions test_...(copy): what is so after the step
"""

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workbook.build.page import Malformed, Page, read_page
from workbook.exercises.definition import read_answer
from workbook.exercises.exercise import Answer
from workbook.stages import FOLDERS, ROOT

LIMIT = 60  # seconds for one check
NEEDED = {"fails_before": str, "hints": list, "slip": list}


@dataclass(frozen=True)
class Step:
    stage: int
    number: int
    folder: Path
    page: Page
    hints: tuple[str, ...]
    fails_before: str
    slips: tuple[Answer, ...]

    @property
    def name(self) -> str:
        """How a learner calls it: "1-3"."""
        return f"{self.stage}-{self.number}"

    @property
    def title(self) -> str:
        return self.page.title

    @property
    def readme(self) -> str:
        return str((self.folder / "README.md").relative_to(ROOT))


@cache
def steps() -> tuple[Step, ...]:
    """Return all steps of the path, in their order."""
    found = []
    for number, name in FOLDERS.items():
        for folder in sorted((ROOT / name / "step_by_step").glob("[0-9][0-9]_*")):
            found.append(read_step(folder, number))
    return tuple(found)


def of_stage(number: int) -> list[Step]:
    return [step for step in steps() if step.stage == number]


def find(name: str) -> Step:
    """Return step "N-M"; ValueError, for the learner, when there is none."""
    if not re.fullmatch(r"[0-9]-[0-9]{1,2}", name):
        raise ValueError(f"{name!r} is not a step: write stage-step, for example 1-2.")
    for step in steps():
        if step.name == name:
            return step
    raise ValueError(f"There is no step {name}; the last one is {steps()[-1].name}.")


def read_step(folder: Path, stage: int) -> Step:
    """Read one step; Malformed, naming the file, when it is not right."""
    where = f"{folder.parent.parent.name}/step_by_step/{folder.name}"
    for name in ("README.md", "step.toml", "test_check.py"):
        if not (folder / name).is_file():
            raise Malformed(f"{where}: {name} is missing.")
    page = read_page((folder / "README.md").read_text(), f"{where}/README.md")
    try:
        data = tomllib.loads((folder / "step.toml").read_text())
    except tomllib.TOMLDecodeError as error:
        raise Malformed(f"{where}/step.toml cannot be read: {error}.") from None
    if set(data) != set(NEEDED) or any(type(data[k]) is not t for k, t in NEEDED.items()):
        raise Malformed(f"{where}/step.toml has {', '.join(NEEDED)}, and nothing else.")
    if len(data["slip"]) < 2 or not data["hints"]:
        raise Malformed(f"{where}/step.toml: two slips and a hint are the least.")
    slips = tuple(
        read_answer(one, one.get("file", ""), f"{where}/step.toml", "slip")
        for one in data["slip"]
    )
    number = int(folder.name[:2])
    return Step(
        stage, number, folder, page, tuple(data["hints"]), data["fails_before"], slips
    )
