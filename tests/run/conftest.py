"""`make` in a copy of the repository, as a person types it."""

import pytest

from tests.run.making import Make, copy_of_the_tree


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
