"""Logs for production: one line a record, on standard output."""

import logging


class OneLineFormatter(logging.Formatter):
    """A record on one line, a traceback included: log collectors cut at line ends."""

    def format(self, record):
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
