"""What happens while a socket comes, and what the socket itself looks after.

Nothing is read again here, and nobody else rescues: what was missed stays missed.
"""

import asyncio
import json

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from channels.testing import WebsocketCommunicator
from django.conf import settings as django_settings
from django.test import Client

from config.asgi import application
from jobs import bridge, progress
from jobs.models import Job, in_seconds

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds
NEVER = 3600  # seconds


@pytest.fixture
async def socket(job, ana):
    client = Client()
    await sync_to_async(client.force_login)(ana)
    key = client.cookies[django_settings.SESSION_COOKIE_NAME].value
    headers = [(b"host", b"127.0.0.1"), (b"origin", b"http://127.0.0.1")]
    headers.append((b"cookie", f"sessionid={key}".encode()))
    socket = WebsocketCommunicator(application, f"/ws/jobs/{job.pk}/", headers)
    yield socket
    await socket.disconnect(timeout=PATIENCE)


async def state_of(socket):
    """Return the state in the next snapshot."""
    while True:
        frame = json.loads(await socket.receive_from(PATIENCE))
        if "seq" in frame:
            return frame["state"]


async def test_what_happens_just_before_it_joins_is_read(
    socket, job, settings, monkeypatch
):
    settings.JOB_READ_AGAIN = NEVER
    layer = get_channel_layer()
    join = layer.group_add

    async def join_a_moment_too_late(group, channel):
        if group == bridge.job_group(job.pk):
            await sync_to_async(progress.begin)(job.pk)  # and nobody hears it
        await join(group, channel)

    monkeypatch.setattr(layer, "group_add", join_a_moment_too_late)
    await socket.connect(PATIENCE)
    assert await state_of(socket) == "running"


async def test_what_happens_just_after_it_joined_is_heard(
    socket, job, settings, monkeypatch
):
    settings.JOB_READ_AGAIN = NEVER
    await socket.connect(PATIENCE)
    assert await state_of(socket) == "queued"
    await sync_to_async(progress.begin)(job.pk)
    assert await state_of(socket) == "running"


async def test_a_silent_job_is_rescued_by_whoever_watches_it(socket, job, settings):
    settings.JOB_READ_AGAIN = 0.1
    await Job.objects.aupdate(due=in_seconds(-1))
    before = await Job.objects.aget()
    await socket.connect(PATIENCE)
    for _ in range(20 * PATIENCE):
        after = await Job.objects.aget()
        if after.due > before.due:
            break
        await asyncio.sleep(0.05)
    assert after.due > before.due
