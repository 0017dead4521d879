"""Store a notebook's outputs anew, and change nothing that says the same.

Plain re-execution changes a hundred lines: ids, times, every picture. Here a
cell's old outputs stay when their text agrees with the new text, after the rules
of notebooks/sanitize.cfg. A picture cannot be compared; the old one stays when
the text around it agrees, and when the cell's code is what it was.
"""

import re
import subprocess
from pathlib import Path

import nbformat
from nbval.plugin import get_sanitize_patterns

from workbook.lesson.catalogue import FOLDER
from workbook.lesson.kernel import execute
from workbook.stages import ROOT

RULES = FOLDER / "sanitize.cfg"


def refresh(path: Path, *, everything: bool = False) -> bool:
    """Run the notebook and store its outputs; return whether the file has changed."""
    before = path.read_text(encoding="utf-8")
    new = execute(path)
    old = None if everything else committed(path)
    merged = merge(old, nbformat.reads(before, as_version=4), new, rules())
    text = nbformat.writes(merged) + "\n"
    if text == before:
        return False
    path.write_text(text, encoding="utf-8")
    return True


def committed(path: Path) -> nbformat.NotebookNode | None:
    """Return the notebook as git has it; None where git has none."""
    shown = subprocess.run(
        ["git", "show", f"HEAD:{path.relative_to(ROOT).as_posix()}"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return nbformat.reads(shown.stdout, as_version=4) if shown.returncode == 0 else None


def rules() -> list[tuple[str, str]]:
    """Return the pairs of sanitize.cfg: a pattern and its replacement."""
    return get_sanitize_patterns(RULES.read_text())


def merge(old, stored, new, patterns):
    """Return `new` with the outputs of `stored` wherever they say the same.

    `old` is the committed notebook: a cell whose code differs from it, or which
    it does not have, gets its new outputs. None: all cells do.
    """
    sources = {cell.get("id"): cell.source for cell in old.cells} if old else {}
    for was, now in zip(stored.cells, new.cells, strict=True):
        if now.cell_type != "code":
            continue
        same_code = sources.get(now.get("id")) == now.source
        same_words = said(was.outputs, patterns) == said(now.outputs, patterns)
        if same_code and same_words:
            now.outputs = was.outputs
        for output in now.outputs:
            if "execution_count" in output:
                output.execution_count = now.execution_count
    return new


def said(outputs, patterns) -> list[tuple[str, str]]:
    """Return what outputs say, as (kind, sanitised text); pictures by their presence."""
    found = []
    for output in outputs:
        if output.output_type == "stream":
            parts = {output.name: output.text}
        elif output.output_type == "error":
            parts = {"error": f"{output.ename}: {output.evalue}"}
        else:
            parts = {kind: text_of(kind, output) for kind in output.data}
        for kind, text in sorted(parts.items()):
            for pattern, replacement in patterns:
                text = re.sub(pattern, replacement, text)  # noqa: PLW2901
            found.append((kind, text))
    return found


def text_of(kind: str, output) -> str:
    """Return the text of one form of an output; of a picture, whether it is described."""
    if not kind.startswith("image/"):
        return str(output.data[kind])
    return "described" if output.metadata.get(kind, {}).get("alt") else ""
