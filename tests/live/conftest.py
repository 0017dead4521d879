"""One run of a stage for all the live tests of that stage that want no other."""

import pytest

from workbook.runner import StageRun
from workbook.stages import stage


@pytest.fixture(scope="session")
def shared_stage(tmp_path_factory):
    """A function that returns the run of a stage, started at the first call.

    A test that stops a part of it starts that part again.
    """
    runs = {}

    def shared(number: int) -> StageRun:
        if number not in runs:
            runs[number] = StageRun(stage(number), tmp_path_factory.mktemp(f"all-{number}"))
            runs[number].start()
        return runs[number]

    yield shared
    for run in runs.values():
        run.stop()
