"""`make pictures`: film the READMEs' pictures anew; with names, only those."""

import os
import shutil
import tempfile
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from workbook.pictures.scenes import SCENES
from workbook.refusal import Refusal
from workbook.run.stage_run import StageRun
from workbook.stages import ROOT, stage

FOLDER = ROOT / "pictures"
QUIET = ["--no-sandbox", "--disable-background-networking", "--disable-sync"]


def pictures(*names: str) -> int:
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not browser:
        raise Refusal("No Chromium found: install it, or name it, CHROMIUM=/path/to/it.")
    FOLDER.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=browser, args=QUIET)
        for name in names or SCENES:
            film(name, chromium)
        chromium.close()
    return 0


def film(name: str, chromium: Browser) -> None:
    """Run the scene's stage in a folder of its own, and film it."""
    number, scene = SCENES[name]
    with (
        tempfile.TemporaryDirectory() as state,
        StageRun(stage(number), Path(state)) as run,
    ):
        scene(chromium, run).save(FOLDER / name)
    size = (FOLDER / f"{name}.webp").stat().st_size // 1000
    print(f"pictures/{name}.webp: {size} KB, and a still", flush=True)
