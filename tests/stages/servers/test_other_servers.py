"""The stages, unchanged, on PostgreSQL and on RabbitMQ: by environment variables alone."""

import httpx
import pytest

from tests.stages.servers import visits
from workbook.stages import FOLDERS

VISITED = ("web", "worker", "slowworker")  # the processes that a visit uses


def visited(number: int) -> tuple[str, ...]:
    return (*VISITED, "jobworker") if number >= 4 else VISITED


def visit_all(run, wait_for):
    """Do what the stage and the ones before it promise; stop it, whatever comes of it.

    A worker left over would take the tasks of the next stage on the same broker.
    """
    try:
        visit(run, wait_for)
    finally:
        run.stop()


def visit(run, wait_for):
    with httpx.Client(base_url=run.url, timeout=60, trust_env=False) as client:
        visits.report_by_age(client, wait_for)
        if run.stage.number >= 2:
            visits.mailed_csv(run, client, wait_for)
    if run.stage.number >= 3:
        visits.chat(run)
    if run.stage.number >= 4:
        visits.job_watched(run, wait_for)


@pytest.mark.parametrize("number", FOLDERS)
def test_a_stage_runs_on_postgresql_and_rabbitmq_with_redis_for_the_rest(
    start_stage, postgres_database, rabbitmq, wait_for, number
):
    env = {"DATABASE_URL": postgres_database, "CELERY_BROKER_URL": rabbitmq}
    run = start_stage(number, env=env, only=visited(number))
    visit_all(run, wait_for)
    assert not (run.state / "db.sqlite3").exists()


def test_the_last_stage_runs_on_rabbitmq_with_all_its_processes(
    start_stage, rabbitmq, wait_for
):
    run = start_stage(max(FOLDERS), env={"CELERY_BROKER_URL": rabbitmq})
    visit_all(run, wait_for)
