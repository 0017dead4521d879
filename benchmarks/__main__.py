"""python -m benchmarks [NAME ...]: run all benchmarks, or those named.

A benchmark is a module here with `run(folder)`. It prints a table, leaves its figures
and plots in `folder`, and returns its claims: {"sentence": whether it is so}.
"""

import importlib
import sys
from pathlib import Path

NAMES = [
    "csv_export",
    "chat_fanout",
    "chat_leaks",
    "chat_leaving",
    "job_progress",
    "machine_room",
    "watchers",
    "storm",
    "web_servers",
]
RESULTS = Path(__file__).resolve().parent.parent / "var" / "benchmarks"


def main(words: list[str]) -> int:
    """Run them; the exit status is 1 when a claim does not hold."""
    unknown = [word for word in words if word not in NAMES]
    if unknown:
        print(f"Unknown: {', '.join(unknown)}. There are: {', '.join(NAMES)}.")
        return 2
    broken = 0
    for name in words or NAMES:
        folder = RESULTS / name
        folder.mkdir(parents=True, exist_ok=True)
        print(f"=== {name}\n")
        claims = importlib.import_module(f"benchmarks.{name}").run(folder)
        for sentence, holds in claims.items():
            print(f"{'✔' if holds else '✘'} {sentence}")
            broken += not holds
        print(f"\nFigures and plots: {folder.relative_to(RESULTS.parent.parent)}\n")
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
