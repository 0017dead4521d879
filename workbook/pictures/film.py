"""A film of a page: one screenshot after the other, as a moving picture and a still."""

import io
import itertools
import time
from pathlib import Path

from PIL import Image
from playwright.sync_api import Page

STEP = 0.25  # seconds between two frames
HOLD = 2.5  # seconds for which the last frame stands
WIDE = 960  # points


class Film:
    """`shoot` while something happens on the page, then `save`."""

    def __init__(self, page: Page):
        self.page = page
        self.frames: list[tuple[Image.Image, float]] = []  # with the moment of each
        self.chosen = 0

    def shoot(self, seconds: float) -> None:
        """Take what happens in the next `seconds`."""
        end = time.monotonic() + seconds
        while (now := time.monotonic()) < end:
            self.take()
            self.page.wait_for_timeout(max(0.0, now + STEP - time.monotonic()) * 1000)

    def take(self) -> None:
        shot = Image.open(io.BytesIO(self.page.screenshot())).convert("RGB")
        high = round(shot.height * WIDE / shot.width)
        small = shot.resize((WIDE, high), Image.Resampling.LANCZOS)
        if not self.frames or small.tobytes() != self.frames[-1][0].tobytes():
            self.frames.append((small, time.monotonic()))

    def choose(self) -> None:
        """The frame of this moment is the still."""
        self.take()
        self.chosen = len(self.frames) - 1

    def save(self, path: Path) -> None:
        """Write the film, path.webp, and its still, path.png."""
        pictures = [picture for picture, _ in self.frames]
        moments = [moment for _, moment in self.frames]
        lasting = [int(1000 * (b - a)) for a, b in itertools.pairwise(moments)]
        pictures[0].save(
            path.with_suffix(".webp"),
            save_all=True,
            append_images=pictures[1:],
            duration=[*lasting, int(HOLD * 1000)],
            loop=0,
            quality=60,
            method=4,
        )
        still = pictures[self.chosen].quantize(128)
        still.save(path.with_suffix(".png"), optimize=True)
