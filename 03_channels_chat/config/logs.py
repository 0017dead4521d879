"""Logs for production: one line a record, on standard output."""

import logging


class OneLineFormatter(logging.Formatter):
    """A record on one line, a traceback included: log collectors cut at line ends.

    A bad request (status 4xx) is its sender's fault: no traceback of ours explains it.
    """

    def format(self, record):
        if 400 <= getattr(record, "status_code", 0) < 500:
            record.exc_info = record.exc_text = None
        return super().format(record).replace("\n", " | ")


LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "line": {
            "()": OneLineFormatter,
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": "line",
        }
    },
    "root": {"handlers": ["stdout"], "level": "INFO"},
}
