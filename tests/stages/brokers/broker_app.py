"""A small Celery app for looking at a broker: its tasks note when they start and end."""

import os
import time
from pathlib import Path

from celery import Celery
from kombu import Queue

BROKER = os.environ["LOOK_BROKER"]
NOTES = Path(os.environ["LOOK_NOTES"])
QUEUE = os.environ["LOOK_QUEUE"]
VISIBILITY = float(os.environ.get("LOOK_VISIBILITY", "3600"))  # seconds, Redis alone

app = Celery("look", broker=BROKER)
app.conf.task_default_queue = QUEUE
app.conf.worker_prefetch_multiplier = 1
app.conf.broker_connection_retry_on_startup = True
if BROKER.startswith("redis"):
    app.conf.broker_transport_options = {
        "visibility_timeout": VISIBILITY,
        "unacked_restore_interval": 1,  # seconds between two looks for such messages
        "unacked_restore_throttle": 1,  # at every look, not at every tenth
        "queue_order_strategy": "priority",
    }
else:
    app.conf.task_queues = [Queue(QUEUE, queue_arguments={"x-max-priority": 9})]


def write_down(line):
    with NOTES.open("a") as file:
        file.write(f"{line}\n")


@app.task
def note(word, seconds=0):
    """Write down `word`; the message is acknowledged before the work begins."""
    write_down(f"start {word}")
    time.sleep(seconds)
    write_down(f"end {word}")


@app.task(acks_late=True, reject_on_worker_lost=True)
def late(word, seconds=0):
    """The same, acknowledged after the work is done."""
    write_down(f"start {word}")
    time.sleep(seconds)
    write_down(f"end {word}")
