"""Run one program in the room, as the grading does; print what it answers.

    python -m tests.exercises.behind ORDER.json      as whoever calls it

The order: "program", "on" (its input), "walled", "hole" (what the wall lacks).
"""

import contextlib
import json
import sys
import tempfile
from pathlib import Path

from workbook.exercises.checking.calls import Room
from workbook.exercises.grading import limits, wall

ALL_RIGHTS = ["--cap-add", "ALL"]
OUT = {  # what a hole takes from the wall's words
    "remount": {"--cap-drop", "ALL", "--disable-userns", "--uid", "--gid", wall.NOBODY},
}


def holed(words: list[str], hole: str) -> list[str]:
    """Return the wall's words with a hole in it."""
    if hole == "remount":
        end = words.index("--hostname")  # the first words say who one is
        kept = [word for word in words[:end] if word not in OUT[hole]]
        return [*kept, *ALL_RIGHTS, *words[end:]]
    if hole == "full disk":
        size = str(wall.SIZES["/tmp"])
        return [str(512 * 1024**2) if word == size else word for word in words]
    return words


def run(order: dict, scratch: Path) -> dict:
    hole, walled = order["hole"], order["walled"]
    each = limits.of_each(walled)
    with contextlib.ExitStack() as stack:
        enter, inside = [], scratch
        if walled:
            together = stack.enter_context(limits.together())
            if hole in ("fork bomb", "many with much"):
                together, each = [], limits.EACH
            if hole == "five gigabytes":
                each = each | {"RLIMIT_AS": 2**40}
            words = wall.words(scratch, [Path(path) for path in order["shown"]])
            enter, inside = [*together, *holed(words, hole)], wall.SCRATCH
        room = Room(inside, enter, each)
        try:
            return room.ask(
                "call",
                words=[sys.executable, "-I", order["program"]],
                input=json.dumps(order["on"]),
                cwd=str(inside),
                env={"MARK": order["on"]["mark"]},
                limit=30,
            )
        finally:
            room.close()


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text())
    limits.MEMORY = told["memory"] or limits.MEMORY
    with tempfile.TemporaryDirectory(prefix="behind-") as folder:
        print(json.dumps(run(told, Path(folder))))
