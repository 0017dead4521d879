"""The Celery app: the web process sends through it, the worker runs it."""

import os

from celery import Celery
from celery.signals import celeryd_init

from queueing import patience

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("school")
app.config_from_object("django.conf:settings", namespace="CELERY")  # CELERY_… settings
app.autodiscover_tasks()  # the tasks.py of every installed app


@celeryd_init.connect
def wait_longer(conf, **_):
    """A worker, and no other process, is patient with a queue that does not answer."""
    patience.make_patient(conf)
