"""`make test`: every part in a process of its own, four at a time, one line each."""

import re
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from workbook.run.processes import Process
from workbook.run.terminal import ENDINGS
from workbook.run.variables import NAMES_OF_A_COMMAND, outside_a_run
from workbook.stages import ROOT, stage
from workbook.suite import parts as suite
from workbook.suite.outcome import Outcome, of_part

AT_ONCE = 4  # parts: on two cores, because each waits for half of its time
PART_LIMIT = 1800  # seconds; a part that takes longer hangs
LOGS = ROOT / "var" / "test"

# What make tells the commands that it runs.
OF_MAKE = re.compile(r"MFLAGS|MAKE.*")


class Suite:
    """Runs parts and prints what they did. `stop()` ends those that run."""

    def __init__(self, parts: list[suite.Part], logs: Path = LOGS):
        self.parts = parts
        self.logs = logs
        self.running: set[Process] = set()
        self.stopping = False
        self.lock = threading.Lock()
        self.width = max(len(part.name) for part in parts)

    def run(self) -> Outcome:
        """Run all; return the sum."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            pending = [pool.submit(self.run_part, part) for part in self.parts]
            try:
                outcomes = [future.result() for future in pending]
            except BaseException:
                self.stop()  # leaving the pool waits for the parts that run
                raise
        return sum(outcomes, Outcome())

    def run_part(self, part: suite.Part) -> Outcome:
        started = time.monotonic()
        log, junit = (self.logs / f"{part.slug}{end}" for end in (".log", ".xml"))
        self.logs.mkdir(parents=True, exist_ok=True)
        for old in (log, junit):
            old.unlink(missing_ok=True)
        words = [*part.words, f"--junitxml={junit}"] if part.junit else part.words
        process = Process(part.name, words, ROOT, environment(), log)
        with self.lock:
            if self.stopping:
                return Outcome()
            self.running.add(process.start())
        status = process.wait(PART_LIMIT)
        process.stop()
        with self.lock:
            self.running.discard(process)
            text = process.read_log()
            outcome = of_part(status, junit if part.junit else None, text)
            if not self.stopping:
                self.report(part, outcome, time.monotonic() - started, status, text)
        return outcome

    def report(self, part, outcome: Outcome, seconds: float, status, text: str):
        word = "FAILED" if outcome.failed else "ok"
        print(
            f"{part.name:<{self.width}}  {word:<6}  {outcome!s:<34} {seconds:6.1f} s",
            flush=True,
        )
        if outcome.failed:
            why = f"exit status {status}" if status is not None else "took too long: ended"
            print(f"--- output of {part.name} ({why}):\n{text.rstrip()}\n---", flush=True)

    def stop(self):
        """End the running parts; each stops the servers it started."""
        with self.lock:
            self.stopping = True
            running = list(self.running)
        for process in running:
            process.ask_to_stop()


def environment() -> dict[str, str]:
    """The environment of a part: nothing of a learner's own run gets in."""
    env = {
        name: value
        for name, value in outside_a_run().items()
        if name not in NAMES_OF_A_COMMAND and not OF_MAKE.fullmatch(name)
    }
    return {**env, "PYTHONUNBUFFERED": "1", "NO_COLOR": "1"}


def interrupted(*_):
    """Stop once; make passes on the same signal again."""
    for ending in ENDINGS:
        signal.signal(ending, signal.SIG_IGN)
    raise KeyboardInterrupt


def run_tests(number: str | None, commands) -> int:
    """Run the suite, or stage `number`'s part of it; return the exit status."""
    if number is None:
        parts = suite.all_parts(commands)
    else:
        parts = suite.stage_parts(stage(number).number)
    for ending in ENDINGS:
        signal.signal(ending, interrupted)
    started = time.monotonic()
    total = Suite(parts).run()
    for reason in total.reasons:
        print(f"skipped: {reason}")
    print(f"The whole took {time.monotonic() - started:.0f} s.")
    print(total, flush=True)
    return 1 if total.failed else 0
