"""The runner's choice of processes; what it starts is seen in test_running."""

import pytest

from workbook.run.stage_run import StageRun
from workbook.stages import stage


@pytest.fixture
def run_of(tmp_path):
    return lambda **options: StageRun(stage(4), tmp_path, **options)


def test_a_run_has_every_process_of_the_procfile_but_those_to_be_asked_for(run_of):
    assert list(run_of().commands) == ["web", "worker", "slowworker", "jobworker", "beat"]
    assert "flower" in run_of(env={"FLOWER": "1"}).commands


def test_a_run_of_some_processes_has_no_others_and_still_its_release(run_of):
    run = run_of(only=("web", "beat"))
    assert list(run.commands) == ["web", "beat"]
    assert "migrate" in run.release
    assert run.nodes() == {}  # it waits for no worker that was not started


def test_a_process_that_the_stage_does_not_have_is_an_error(run_of):
    with pytest.raises(KeyError, match="wroker"):
        run_of(only=("web", "wroker"))
