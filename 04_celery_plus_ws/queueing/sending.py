"""Sending a task, and what it means when the broker is down.

Depending on where the connection breaks, Celery raises kombu's OperationalError,
the client's own error, or a plain RuntimeError("Retry limit exceeded …"). The
views should know one name for all of them. Any other RuntimeError, and any OSError,
is a fault of ours: that name must not hide it.
"""

from contextlib import contextmanager

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

DOWN = (OperationalError, RedisError)
GIVEN_UP = "Retry limit exceeded while trying to reconnect to the Celery result store"


class BrokerDown(Exception):
    """The broker or the result store does not answer.

    A broker that refuses got nothing. A frozen one may find the task in its network
    buffer when it wakes: a repeated request can run twice.
    """


def is_down(error: Exception) -> bool:
    """Return whether `error` says that the broker or the result store is down."""
    given_up = type(error) is RuntimeError and GIVEN_UP in str(error)
    return given_up or isinstance(error, DOWN)


@contextmanager
def broker_errors():
    """Turn every error of a broker that is down into BrokerDown."""
    try:
        yield
    except (*DOWN, RuntimeError) as error:
        if not is_down(error):
            raise
        raise BrokerDown(str(error)) from error


def send(task, *args, countdown=None, queue=None, task_id=None, **kwargs):
    """Queue `task` with these arguments; return its AsyncResult.

    `countdown` is in seconds; without `queue` the routes of the settings decide; without
    `task_id` Celery invents one.
    Raises BrokerDown within about a second when the broker refuses, within four
    when it is frozen.
    """
    with broker_errors():
        options = {"countdown": countdown, "queue": queue, "task_id": task_id}
        return task.apply_async(args, kwargs, **options)


def check_broker():
    """Return None when the broker answers; BrokerDown otherwise."""
    with broker_errors(), current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0.2)
