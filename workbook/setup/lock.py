"""`make lock`: pyproject.toml's loose requirements become hash-locked lists."""

import shutil
import subprocess

from workbook.refusal import Refusal
from workbook.stages import ROOT

# Each list holds what the ones before it hold, in the same versions.
LISTS = (
    ("runtime", []),
    ("dev", ["--group", "dev"]),
    ("notebooks", ["--group", "notebooks"]),
)
# Not in pyproject.toml's [tool.uv]: `uv pip install` would read them there, too, and
# refuse them beside hashes.
CONSTRAINTS = ["-c", "requirements/constraints.in"]


def lock() -> int:
    """Compile requirements/*.txt; return 0."""
    uv = shutil.which("uv")
    if not uv:
        raise Refusal("make lock needs uv: pip install uv")
    before = CONSTRAINTS
    for name, groups in LISTS:
        target = f"requirements/{name}.txt"
        command = [uv, "pip", "compile", "pyproject.toml", "--universal", "--quiet"]
        command += ["--python-version", "3.11", "--generate-hashes", "--no-emit-index-url"]
        command += ["--custom-compile-command", "make lock", *groups, *before, "-o", target]
        subprocess.run(command, cwd=ROOT, check=True)
        before = [*CONSTRAINTS, "-c", target]
    return 0
