"""A film is made of what changed on the page, and of how long each frame stood."""

import io

import pytest
from PIL import Image

from workbook.pictures import film as film_module
from workbook.pictures.film import Film

RED, BLUE = "#c00000", "#0000c0"


class Page:
    """A page that is one colour. Waiting takes no time but the clock's."""

    def __init__(self, clock):
        self.clock, self.colour = clock, RED

    def screenshot(self) -> bytes:
        shot = io.BytesIO()
        Image.new("RGB", (1920, 1080), self.colour).save(shot, "png")
        return shot.getvalue()

    def wait_for_timeout(self, milliseconds):
        self.clock[0] += milliseconds / 1000


@pytest.fixture
def page(monkeypatch):
    clock = [100.0]
    monkeypatch.setattr(film_module.time, "monotonic", lambda: clock[0])
    return Page(clock)


def test_a_film_has_a_frame_for_each_change_and_its_time(page, tmp_path):
    film = Film(page)
    film.shoot(1)
    page.colour = BLUE
    film.choose()
    film.shoot(1)
    film.save(tmp_path / "film")
    with Image.open(tmp_path / "film.webp") as moving:
        assert (moving.n_frames, moving.size) == (2, (960, 540))
        moving.load()
        assert moving.info["duration"] == 1000
    with Image.open(tmp_path / "film.png") as still:
        assert still.convert("RGB").getpixel((5, 5)) == (0, 0, 192)
