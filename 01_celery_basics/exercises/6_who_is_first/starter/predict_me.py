"""Four tasks for one worker that does one task at a time. Read, predict, then check."""

import uuid

from celery.result import AsyncResult

from archive.tasks import fetch_marks

a = fetch_marks.apply_async((0.1,), countdown=2)
b = fetch_marks.delay(0.6)
c = fetch_marks.delay("three")  # a text, where the task wants a number
d = fetch_marks.delay(0.1)

d_after_sending = d.state  # read at once: the worker is busy with b
stranger = AsyncResult(str(uuid.uuid4())).state  # an id that nobody ever sent
