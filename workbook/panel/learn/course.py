"""How far a learner is, and the checks: one watch for all copies, one check at a time."""

import os
import queue
import shlex
import subprocess
import threading

import watchfiles

from workbook.build import school
from workbook.build.step import steps
from workbook.exercises import catalogue, copies, progress
from workbook.exercises.checking.check import Verdict, check
from workbook.exercises.copies import MY_WORK
from workbook.exercises.exercise import Exercise
from workbook.exercises.watch import SETTLE, worth


class Course:
    def __init__(self):
        self.exercises = {one.name: one for one in catalogue.exercises()}
        self.verdicts: dict[str, Verdict] = {}
        self.checking: str | None = None
        self.asked: queue.Queue[str] = queue.Queue()
        self.closing = threading.Event()

    def open(self) -> "Course":
        MY_WORK.mkdir(exist_ok=True)
        for work in (self._watch, self._check):
            threading.Thread(target=work, daemon=True).start()
        return self

    def close(self) -> None:
        self.closing.set()

    def state(self) -> dict:
        rows = [self.row(one) for one in self.exercises.values()]
        left = [row["name"] for row in rows if not row["done"]]
        return {
            "exercises": rows,
            "next": left[0] if left else None,
            "checking": self.checking,
            "steps": path_now(),
        }

    def row(self, one: Exercise) -> dict:
        mine = progress.of(one.name)
        return {
            "name": one.name,
            "title": one.title,
            "minutes": one.minutes,
            "kind": one.kind,
            "done": bool(mine["done"]),
            "hints": mine["hints"],
            "begun": copies.copy_of(one).is_dir(),
            "said": words(one, self.verdicts.get(one.name)),
        }

    # --- what the buttons do -------------------------------------------------

    def check(self, one: Exercise) -> str:
        made = copies.ensure_copy(one)
        self.asked.put(one.name)
        return f"Your copy is my_work/{one.name}." if made else "Checking…"

    def hint(self, one: Exercise) -> str:
        shown = progress.of(one.name)["hints"]
        number = min(shown + 1, len(one.hints))
        progress.note(one.name, hints=number)
        return f"Hint {number} of {len(one.hints)}: {one.hints[number - 1]}"

    def solution(self, one: Exercise) -> str:
        copies.ensure_copy(one)
        lines = copies.difference(one)
        return "\n".join(lines) or "Your files are the same as the solution's."

    def reset(self, one: Exercise) -> str:
        kept = copies.set_aside(one)
        copies.ensure_copy(one)
        progress.note(one.name, done=False, hints=0)
        self.verdicts.pop(one.name, None)
        return f"Your copy is kept as my_work/{kept.name}." if kept else "It is new."

    def edit(self, one: Exercise) -> str:
        copies.ensure_copy(one)
        files = [str(copies.copy_of(one) / path) for path in one.edit]
        editor = shlex.split(os.environ.get("EDITOR", ""))
        if not editor:
            return f"Set EDITOR to open it from here. Edit {', '.join(files)}."
        subprocess.Popen([*editor, *files], stdin=subprocess.DEVNULL)
        return f"Opened {', '.join(one.edit)}."

    # --- the threads ---------------------------------------------------------

    def _watch(self) -> None:
        """Ask for a check at every save in any copy."""
        for changes in watchfiles.watch(
            MY_WORK, debounce=SETTLE, stop_event=self.closing, raise_interrupt=False
        ):
            for name in {self.saved(path) for _, path in changes} & set(self.exercises):
                self.asked.put(name)

    def saved(self, path: str) -> str | None:
        """The exercise in whose copy a file worth a check was saved."""
        name = os.path.relpath(path, MY_WORK).split(os.sep)[0]
        return name if worth(MY_WORK / name, path) else None

    def _check(self) -> None:
        while not self.closing.is_set():
            self.checking = None
            name = self.asked.get()
            self.checking = name
            one = self.exercises[name]
            if copies.copy_of(one).is_dir():
                verdict = self.verdicts[name] = check(one, copies.copy_of(one))
                if verdict.passed:
                    progress.note(name, done=True)


def words(one: Exercise, verdict: Verdict | None) -> list[dict]:
    """What the check said, a line each: met, unmet, or an explanation."""
    if verdict is None:
        return []
    lines = [{"kind": "met", "text": sentence} for sentence in verdict.met]
    if verdict.unmet:
        lines.append({"kind": "unmet", "text": verdict.unmet})
    why = verdict.message.splitlines()
    if verdict.passed:
        why.append(f"Why it works: {one.why}")
    return lines + [{"kind": "why", "text": sentence} for sentence in why]


def path_now() -> list[dict]:
    """The steps of the path from the empty folder: done, next, or neither.

    Before the path is begun none is next.
    """
    there, at = steps(), -1
    if (school.FOLDER / ".git").is_dir():
        step = school.current()
        at = [one.name for one in there].index(step.name) if step else len(there)
    return [
        {
            "name": one.name,
            "title": one.title,
            "state": "done" if number < at else "next" if number == at else "",
        }
        for number, one in enumerate(there)
    ]
