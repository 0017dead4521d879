"""Shared runs of the stages, and a socket for a test."""

from contextlib import ExitStack

import pytest

from tests.chat_clients import open_socket
from tests.released import Released
from workbook.run.stage_run import StageRun
from workbook.stages import stage


@pytest.fixture(scope="session")
def shared_stage(tmp_path_factory):
    """A function that returns the run of a stage with these options, the same every time.

    A test that stops a part of it starts that part again.
    """
    runs = {}

    def shared(number: int, **options) -> StageRun:
        key = number, repr(options)
        if key not in runs:
            folder = tmp_path_factory.mktemp(f"all-{number}")
            runs[key] = Released(stage(number), folder, **options)
            runs[key].start()
        return runs[key]

    yield shared
    for run in runs.values():
        run.stop()


@pytest.fixture
def chat_socket():
    """A function that connects to a socket of a web process; closed at the end."""
    with ExitStack() as stack:
        yield lambda *words, **options: stack.enter_context(open_socket(*words, **options))
