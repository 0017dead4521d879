"""The Celery app: the web process sends through it, the worker runs it."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("school")
app.config_from_object("django.conf:settings")
app.autodiscover_tasks()  # the tasks.py of every installed app
