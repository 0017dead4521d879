"""Beat's schedule file: a broken one goes, a sound one stays."""

import shelve

import pytest

from workbook.run.services import SCHEDULE, discard_broken_schedule


@pytest.mark.parametrize("content", [b"", b"not a database", b"\x00" * 5000])
def test_a_broken_schedule_is_discarded(tmp_path, content):
    (tmp_path / SCHEDULE).write_bytes(content)
    discard_broken_schedule(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_half_written_schedule_is_discarded(tmp_path):
    with shelve.open(str(tmp_path / SCHEDULE)) as memory:
        memory["tz"] = "UTC"
    discard_broken_schedule(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_sound_schedule_stays(tmp_path):
    with shelve.open(str(tmp_path / SCHEDULE)) as memory:
        memory["entries"] = {}
    before = sorted(tmp_path.iterdir())
    discard_broken_schedule(tmp_path)
    assert sorted(tmp_path.iterdir()) == before != []
