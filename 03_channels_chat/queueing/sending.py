"""Sending a task, and what it means when the broker is down.

Depending on where the connection breaks, Celery raises kombu's OperationalError,
the client's own error, or a plain RuntimeError("Retry limit exceeded …"). The
views should know one name for all of them.
"""

from contextlib import contextmanager

from celery import current_app
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

DOWN = (OperationalError, RedisError, OSError, RuntimeError)


class BrokerDown(Exception):
    """The broker or the result store does not answer.

    A broker that refuses got nothing. A frozen one may find the task in its network
    buffer when it wakes: a repeated request can run twice.
    """


@contextmanager
def broker_errors():
    """Turn every error of a broker that is down into BrokerDown."""
    try:
        yield
    except DOWN as error:
        raise BrokerDown(str(error)) from error


def send(task, *args, countdown=None, queue=None, **kwargs):
    """Queue `task` with these arguments; return its AsyncResult.

    `countdown` is in seconds; without `queue` the routes of the settings decide.
    Raises BrokerDown within about a second when the broker refuses, within four
    when it is frozen.
    """
    with broker_errors():
        return task.apply_async(args, kwargs, countdown=countdown, queue=queue)


def check_broker():
    """Return None when the broker answers; BrokerDown otherwise."""
    with broker_errors(), current_app.connection_for_write() as connection:
        connection.ensure_connection(max_retries=1, interval_start=0, interval_step=0.2)
