"""The workbook's variables: each name, what it is when unset, what it means.

This is the only list. From it come what `make shell-N` shares with the running stage,
what lessons and tests must not hear, and the README's table, which a test compares.
"""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Variable:
    """One variable; `unset` and `meaning` are the cells of the README's table."""

    name: str
    unset: str
    meaning: str


# A run of a stage: its ports, services and settings.
OF_A_RUN = (
    Variable("PORT", "8000 + N", "the port of the web page; of `make redis`, 6379"),
    Variable("MAIL_UI_PORT", "8025", "the port of the mail inbox's page"),
    Variable("SMTP_PORT", "1025", "the port of the local mail server"),
    Variable("ROOM_PORT", "8020", "the port of the machine room"),
    Variable(
        "REDIS_URL",
        "a private server",
        "your own Redis; it must answer, or the stage does not start",
    ),
    Variable(
        "REDIS_CERTIFICATE",
        "required",
        "how the certificate of a `rediss://` server is checked; `none` trusts whoever "
        "answers",
    ),
    Variable(
        "CELERY_BROKER_URL", "`REDIS_URL`", "where tasks wait; `amqp://…` for RabbitMQ"
    ),
    Variable("CELERY_RESULT_BACKEND", "`REDIS_URL`", "where results are kept"),
    Variable(
        "DATABASE_URL",
        "SQLite in `var/`",
        "`postgres://user:password@host:5432/name` for PostgreSQL",
    ),
    Variable(
        "DATA_DIR",
        "`var/stage-N`",
        "where the database, the reports and the logs are; set by make",
    ),
    Variable(
        "EMAIL_HOST",
        "the local inbox",
        "your mail server; then the local inbox is not started",
    ),
    Variable("EMAIL_PORT", "25", "its port"),
    Variable("EMAIL_HOST_USER", "—", "its user"),
    Variable("EMAIL_HOST_PASSWORD", "—", "its password"),
    Variable("EMAIL_USE_TLS", "0", "1: begin in plain text, then TLS (port 587)"),
    Variable("EMAIL_USE_SSL", "0", "1: TLS from the start (port 465)"),
    Variable("DEFAULT_FROM_EMAIL", "a school at example.com", "the sender's address"),
    Variable("FEEDBACK_EMAIL", "an address at example.com", "who receives the feedback"),
    Variable(
        "MAIL_PAUSE",
        "2; 0 when `DJANGO_DEBUG=0`",
        "seconds that the pretended slow mail provider takes",
    ),
    Variable(
        "MAIL_QUEUE_LEASE",
        "30",
        "seconds until a letter that waits is sent to the queue again",
    ),
    Variable(
        "MAIL_LEASE", "600", "seconds until a letter that a worker is sending is in doubt"
    ),
    Variable("DJANGO_DEBUG", "1", "0: production settings; then a secret key is needed"),
    Variable(
        "DJANGO_SECRET_KEY",
        "a classroom key",
        "a long random text; without it, `DJANGO_DEBUG=0` does not start",
    ),
    Variable(
        "DJANGO_ALLOWED_HOSTS", "this machine", "host names, with commas between them"
    ),
    Variable(
        "DJANGO_CSRF_TRUSTED_ORIGINS",
        "none",
        "addresses (`https://school.example`) whose forms are taken behind a proxy "
        "that changes names",
    ),
    Variable(
        "DJANGO_HTTPS", "1 when `DJANGO_DEBUG=0`", "0: production settings without HTTPS"
    ),
    Variable("DJANGO_BEHIND_PROXY", "0", "1: believe the proxy's `X-Forwarded-Proto`"),
    Variable("NGINX_SENDS_FILES", "0", "1: nginx sends finished reports (stage 4)"),
    Variable("CORS_ALLOWED_ORIGINS", "none", "other sites whose pages may call the API"),
    Variable(
        "CHANNEL_LAYER", "`redis`", "`memory`: see it fail between two processes (stage 3)"
    ),
    Variable("CHAT_FRAMES_PER_SECOND", "20", "how much one socket may send"),
    Variable(
        "CHAT_LEASE", "30", "seconds until somebody whose server died is no longer shown"
    ),
    Variable("FOLLOWED_FILE", "in `DATA_DIR`", "the growing file that stage 3 shows"),
    Variable("JOB_LEASE", "10", "seconds of silence after which a running job is rescued"),
    Variable("JOB_QUEUE_LEASE", "30", "the same for a job that waits"),
    Variable("JOB_READ_AGAIN", "2", "seconds between two looks of a socket at its job"),
    Variable("JOB_REPORT_EVERY", "0.2", "seconds between two reports of progress"),
    Variable(
        "JOB_SEND_AGAIN", "2", "seconds until a job that could not be sent is sent again"
    ),
    Variable("JOB_LIVE_LIMIT", "100", "jobs of one person that may wait or run at once"),
    Variable("JOB_TIME_LIMIT", "57600", "seconds that one attempt of a job may take"),
    Variable("JOB_FILE_AGE", "604800", "seconds until a finished report is deleted"),
    Variable("FLOWER", "0", "1: `make stage-4` starts Flower too"),
    Variable("FLOWER_PORT", "5555", "its port"),
    Variable("FLOWER_ADDRESS", "127.0.0.1", "its address"),
    Variable("WEB_OPTIONS", "—", "more words for the web's command line in `Procfile.dev`"),
    Variable(
        "WORKER_OPTIONS", "—", 'the same for the workers: `WORKER_OPTIONS="--pool threads"`'
    ),
    Variable("WEB_HOST", "0.0.0.0", "where the production web listens (`Procfile`)"),
    Variable(
        "WEB_CONCURRENCY",
        "2; 1 in stages 3 and 4",
        "processes of the production web",
    ),
    Variable("WORKER_CONCURRENCY", "2", "processes of a production worker"),
    Variable(
        "POSTGRES_PASSWORD",
        "classroom",
        "the password of the PostgreSQL in `docker-compose.yml`",
    ),
)
# One command of the Makefile.
OF_A_COMMAND = (
    Variable("WORK", "—", "run or check your copy of an exercise: `WORK=1-2`"),
    Variable("VERBOSE", "0", "1: `make stage-N` prints every line of every process"),
    Variable("DIR", "—", "the folder that `make grade` reads"),
    Variable(
        "GRADE_WITHOUT_WALL",
        "—",
        "1: `make grade` runs learners' code with no wall around it, at your own risk",
    ),
)
# The tests and the checks, which alone hear these.
OF_THE_TESTS = (
    Variable(
        "CHECK_PATIENCE",
        "1",
        "how many times longer a check of an exercise may take, on a slow machine",
    ),
    Variable("CHROMIUM", "found on the PATH", "the browser for the browser tests"),
    Variable(
        "POSTGRES_URL",
        "—",
        "a PostgreSQL for the tests; without it they are skipped, in words",
    ),
    Variable("RABBITMQ_URL", "—", "the same for RabbitMQ"),
)
VARIABLES = (*OF_A_RUN, *OF_A_COMMAND, *OF_THE_TESTS)
FAMILIES = ("CELERY_", "DJANGO_", "FLOWER_")  # names that these read by themselves
NAMES_OF_A_RUN = frozenset(variable.name for variable in OF_A_RUN)
NAMES_OF_A_COMMAND = frozenset(variable.name for variable in OF_A_COMMAND)


def is_of_a_run(name: str) -> bool:
    """Whether a run of a stage hears the variable `name`."""
    return name in NAMES_OF_A_RUN or name.startswith(FAMILIES)


def of_a_run() -> dict[str, str]:
    """What somebody has set for a run: the part of our environment that it hears."""
    return {name: value for name, value in os.environ.items() if is_of_a_run(name)}


def outside_a_run() -> dict[str, str]:
    """The rest of our environment: for what must be the same whatever somebody has set."""
    return {name: value for name, value in os.environ.items() if not is_of_a_run(name)}
