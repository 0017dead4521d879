"""`make doctor`: what works and what does not, one line each, with the remedy."""

import os
import sys
from collections.abc import Iterator

from workbook.doctor import machine as doctor_machine
from workbook.doctor import stages as doctor_stages
from workbook.run import notes as running

GREEN, YELLOW, RED = 32, 33, 31
WORDS = {"ok": GREEN, "note": YELLOW, "broken": RED}


def findings() -> Iterator[tuple[str, str]]:
    """Yield (word, sentence); the word is "ok", "note" or "broken"."""
    runs = running.notes()
    yield doctor_machine.python()
    yield from doctor_machine.packages()
    yield doctor_machine.disk()
    yield doctor_machine.chromium()
    yield from doctor_machine.variables()
    yield doctor_machine.redis()
    yield from doctor_machine.ports(runs)
    yield from doctor_stages.asgi_settings()
    yield from doctor_stages.running_stages(runs)
    yield from doctor_stages.old_errors()


def examine() -> int:
    """Print what was found; return 0 when nothing is broken."""
    coloured = sys.stdout.isatty() and "NO_COLOR" not in os.environ
    broken = 0
    for word, sentence in findings():
        broken += word == "broken"
        shown = f"{word:<6}"
        if coloured:
            shown = f"\033[{WORDS[word]}m{shown}\033[0m"
        print(shown, " ".join(sentence.split()), flush=True)
    if broken:
        print(f"\n{broken} broken: each line says what to do.")
    return 1 if broken else 0
