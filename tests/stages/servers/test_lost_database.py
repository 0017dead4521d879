"""Stage 4 when PostgreSQL ends the connections of a web process."""

import psycopg

from tests.job_clients import log_in, next_snapshot, open_socket, start_job

END_ALL = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
CANCEL = "UPDATE jobs_job SET state = 'cancelled', due = NULL, seq = seq + 1 WHERE id = %s"


def test_a_jobs_socket_outlives_the_database_connection_of_its_process(
    start_stage, postgres_database
):
    env = {"DATABASE_URL": postgres_database, "JOB_READ_AGAIN": "0.5"}
    run = start_stage(4, env=env, only=("web",))
    ana = log_in(run, "ana")
    job = start_job(ana, 5)
    with open_socket(run, job["socket_url"], ana) as socket:
        assert next_snapshot(socket)["state"] == "queued"
        with psycopg.connect(postgres_database, autocommit=True) as database:
            database.execute(END_ALL)
            database.execute(CANCEL, [job["id"]])  # and nobody is told
        assert next_snapshot(socket, 20)["state"] == "cancelled"
