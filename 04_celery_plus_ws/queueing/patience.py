"""How long we wait for a broker or a result store that does not answer, in seconds.

With Celery's own settings a Redis that refuses takes 19 s, and a frozen one more than 30.
"""

TO_REDIS = {"socket_connect_timeout": 1, "socket_timeout": 1}
TO_RABBITMQ = {
    "read_timeout": 1,
    "write_timeout": 1,
    "confirm_publish": True,  # a task is sent when RabbitMQ says that it has it
}


def retries(step: float) -> dict:
    """Return the rule "at once, and once more after `step` seconds"."""
    return {
        "max_retries": 1,
        "interval_start": 0,
        "interval_step": step,
        "interval_max": step,
    }


# A page must answer at once; a worker has time. A task that it cannot put back into the
# queue for another try is lost, so it asks for half a minute, once a second.
OF_WORKERS = {
    "max_retries": 30,
    "interval_start": 1,
    "interval_step": 0,
    "interval_max": 1,
}


def make_patient(conf) -> None:
    """Change the Celery settings of a worker, and of no other process."""
    conf.task_publish_retry_policy = OF_WORKERS
    # Or opening the connection would end the half minute after a second.
    longer = {"connect_retries_timeout": OF_WORKERS["max_retries"]}
    conf.broker_transport_options = conf.broker_transport_options | longer


def settings_for(broker_url: str) -> dict:
    """Return Celery's settings about waiting, under their names in Django's settings."""
    rabbitmq = broker_url.startswith("amqp")
    return {
        "CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP": True,
        "CELERY_BROKER_CONNECTION_TIMEOUT": 1,
        "CELERY_BROKER_TRANSPORT_OPTIONS": TO_RABBITMQ if rabbitmq else TO_REDIS,
        "CELERY_REDIS_SOCKET_CONNECT_TIMEOUT": 1,
        "CELERY_REDIS_SOCKET_TIMEOUT": 1,
        "CELERY_TASK_PUBLISH_RETRY_POLICY": retries(0.2),
        "CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS": {"retry_policy": retries(0.1)},
    }
