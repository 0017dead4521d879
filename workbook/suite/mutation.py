"""`make mutants-all`: change every line of the modules that matter; do tests notice?

cosmic-ray makes the changes, one at a time, in a copy of the repository, and runs the
tests that tests/mutation.toml names. A mutant that survives is a test that is missing,
unless it is named there as equivalent: then nobody could tell it from the original.
"""

import json
import subprocess
import sys
import tempfile
import tomllib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from workbook.lesson.mutants import copy_tree
from workbook.stages import ROOT
from workbook.suite.parts import WITHOUT

LIST = ROOT / "tests" / "mutation.toml"
COSMIC_RAY = Path(sys.executable).with_name("cosmic-ray")
AT_ONCE = 2  # modules; two cores
LIMIT = 90  # seconds for the tests of one mutant: one that hangs is noticed, too
# Of the many replacements of one operator by another, those that a slip would make.
KEPT = "Add_Sub|Sub_Add|Mul_Div|Div_Mul|Lt_LtE|LtE_Lt|Gt_GtE|GtE_Gt|Eq_NotEq|NotEq_Eq"
KEPT += "|Is_IsNot|IsNot_Is|In_NotIn|NotIn_In"
LEFT_OUT = rf"core/Replace(Binary|Comparison)Operator_(?!({KEPT})$)"
CONFIG = """
[cosmic-ray]
module-path = [{path}]
timeout = {limit}
excluded-modules = []
test-command = {command}
[cosmic-ray.distributor]
name = "local"
[cosmic-ray.filters.operators-filter]
exclude-operators = [{left_out}]
"""


@dataclass(frozen=True)
class Survivor:
    """A mutant that no test noticed. `line`: as it stands in the mutant."""

    path: str
    line: str
    operator: str
    diff: str


def read(path: Path = LIST) -> dict:
    """Return the list's {"module": [...], "equivalent": [...]}."""
    return {"module": [], "equivalent": []} | tomllib.loads(path.read_text())


def survivors(path: str, tests: list[str], copy=copy_tree) -> tuple[int, list[Survivor]]:
    """Mutate one module; return how many mutants there were, and who survived."""
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        tree = Path(folder)
        copy(tree)
        words = [sys.executable, "-m", "pytest", "-x", "-q", *WITHOUT]
        config = CONFIG.format(
            path=json.dumps(path),
            limit=LIMIT,
            command=json.dumps(" ".join([*words, *tests])),
            left_out=json.dumps(LEFT_OUT),
        )
        (tree / "mutation.cfg").write_text(config)
        ray(tree, "cosmic-ray", "init", "mutation.cfg", "mutation.sqlite")
        ray(tree, "cr-filter-operators", "mutation.sqlite", "mutation.cfg")
        ray(tree, "cosmic-ray", "exec", "mutation.cfg", "mutation.sqlite")
        dump = ray(tree, "cosmic-ray", "dump", "mutation.sqlite").splitlines()
    done = [entry for entry in map(json.loads, dump) if entry[1]]
    done = [(what, result) for what, result in done if result["worker_outcome"] == "normal"]
    alive = [pair for pair in done if pair[1]["test_outcome"] == "survived"]
    return len(done), [survivor(path, *pair) for pair in alive]


def ray(tree: Path, program: str, *words: str) -> str:
    command = [COSMIC_RAY.with_name(program), *words]
    done = subprocess.run(command, cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode:
        raise ValueError(f"{program} failed: {(done.stderr or done.stdout)[-400:]}")
    return done.stdout


def survivor(path: str, what: dict, result: dict) -> Survivor:
    lines = [line for line in result["diff"].splitlines() if line[:1] in "+-"]
    changed = [line[1:].strip() for line in lines if line[0] == "+" and line[:3] != "+++"]
    removed = [line[1:].strip() for line in lines if line[0] == "-" and line[:3] != "---"]
    operator = what["mutations"][0]["operator_name"].removeprefix("core/")
    line = (changed or [f"without {removed[0]}" if removed else ""])[0]
    return Survivor(path, line, operator, "\n".join(lines[2:]))


def run(*wanted: str) -> int:
    """Mutate the modules of the list, or those whose path holds a word of `wanted`."""
    known = read()
    equivalents = {(entry["path"], entry["line"]) for entry in known["equivalent"]}
    chosen = [
        module
        for module in known["module"]
        if not wanted or any(word in module["path"] for word in wanted)
    ]
    unnoticed = 0
    with ThreadPoolExecutor(AT_ONCE) as pool:
        runs = pool.map(lambda module: survivors(module["path"], module["tests"]), chosen)
        for module, (count, alive) in zip(chosen, runs, strict=True):
            missing = [one for one in alive if (one.path, one.line) not in equivalents]
            unnoticed += len(missing)
            print(
                f"{module['path']}: {count - len(alive)} of {count} noticed, "
                f"{len(alive) - len(missing)} equivalent, {len(missing)} not noticed",
                flush=True,
            )
            for one in missing:
                print(f"  {one.operator}\n    " + one.diff.replace("\n", "\n    "))
    return 1 if unnoticed or not chosen else 0
