"""The judge's side of the room: orders go in, answers come out, and nothing is trusted."""

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path

from workbook.exercises.checking.unmet import did_not_answer, stopped_with, unmet

INSIDE = Path(__file__).parents[1] / "room" / "inside.py"
ROOM = INSIDE.with_name("room.py")
KEPT = ("PATH", "XDG_RUNTIME_DIR")  # to find the wall, and systemd's limits
MOST = 256 * 1024  # bytes of an answer or of printed text that are looked at
LONGEST = 8 * 3 * MOST  # bytes of a line from the room: three texts, all signs escaped


class Room:
    """A process that runs the learner's code for us. `enter`: the words of a wall."""

    def __init__(self, scratch: Path, enter: list[str] = (), limits: dict | None = None):
        self.child = subprocess.Popen(
            [*enter, sys.executable, "-I", "-B", str(ROOM), str(scratch)],
            env={name: os.environ[name] for name in KEPT if name in os.environ},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self.orders, self.answers = self.child.stdin, self.child.stdout
        if limits:
            self.ask("limit", limits=limits)

    def ask(self, do: str, **order) -> dict:
        """Return what the room answers; Unmet when the learner's code has broken it."""
        try:
            self.orders.write(json.dumps({"do": do, **order}).encode() + b"\n")
            self.orders.flush()
            answer = json.loads(self.answers.readline(LONGEST))
        except (OSError, ValueError, RecursionError):
            answer = None
        if not isinstance(answer, dict):
            unmet(
                "Your code ended the check itself, or used up what it may use.",
                "a loop that takes memory or starts processes; os.kill",
            )
        if "failed" in answer:
            unmet(f"Your code used up what it may use: {answer['failed']}.")
        return answer

    def close(self):
        """End the room and all that runs in it."""
        with contextlib.suppress(OSError):
            self.orders.close()
        try:
            self.child.wait(5)
        except subprocess.TimeoutExpired:
            self.child.kill()
            self.child.wait()
        self.answers.close()


def call_inside(room: Room, order: dict, env: dict, cwd: Path, limit: float):
    """Return (the function's value, what was printed); Unmet when it gave no value.

    `order` is what inside.py reads. Arguments and value travel as JSON.
    """
    about = {"folder": order["folder"], "cwd": str(cwd), "env": env, "limit": limit}
    seen = room.ask("call", input=json.dumps(order), **about)
    status, answer = seen["status"], seen["answer"]
    if len(answer) >= MOST:
        unmet(f"Your code made far too much: over {MOST} bytes.", "a loop, or mode 'a'")
    if status != 0 or not answer:
        did_not_answer(Path(order["folder"]), status, seen["err"], limit)
    try:
        found = json.loads(answer)
    except (ValueError, RecursionError):
        unmet("Your code wrote into the answer.", "a write to a number, os.write(3, ...)")
    if not isinstance(found, dict) or len(found) != 1:
        unmet("Your code wrote into the answer.")
    if "exit" in found:
        unmet(
            f"Your code ended the program (exit {found['exit']}) while it was loaded "
            "or called.",
            "a call of sys.exit, exit or quit",
        )
    if "error" in found:
        stopped_with(found["error"])
    return found.get("value"), seen["out"]
