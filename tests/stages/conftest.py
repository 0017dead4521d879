"""Shared runs of the stages, and `make` in a copy of the repository for the runner's."""

from contextlib import ExitStack

import pytest

from tests.chat_clients import open_socket
from tests.live.making import Make, copy_of_the_tree
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
            runs[key] = StageRun(stage(number), folder, **options)
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


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    """A copy of the repository, for this module's tests alone."""
    return copy_of_the_tree(tmp_path_factory.mktemp("tree") / "workbook")


@pytest.fixture(scope="module")
def small_tree(tmp_path_factory):
    """A copy whose stage 1 has one worker and no beat."""
    return copy_of_the_tree(tmp_path_factory.mktemp("small") / "workbook", small=True)


@pytest.fixture
def small_trees(tmp_path):
    """A function that makes some of those copies, for runs at the same time."""
    return lambda count: [
        copy_of_the_tree(tmp_path / str(n) / "workbook", small=True) for n in range(count)
    ]


def starting():
    """Yield a function that starts `make WORDS...` in a copy; end them afterwards."""
    started = []

    def start(tree, *words, **options) -> Make:
        started.append(Make(tree, *words, **options))
        return started[-1]

    yield start
    for run in started:
        run.kill_all()


@pytest.fixture
def make():
    """Starts `make`; nothing of it outlives the test."""
    yield from starting()


@pytest.fixture(scope="module")
def make_for_module():
    """Starts `make`; nothing of it outlives the module."""
    yield from starting()
