"""The job's socket without a server."""

import uuid

import pytest
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer

from jobs import bridge, progress
from jobs.models import Job, JobLog, State
from sockets import identity

pytestmark = pytest.mark.django_db(transaction=True)
PATIENCE = 20  # seconds


@pytest.fixture
def socket(socket_of, job, ana):
    return socket_of(f"/ws/jobs/{job.pk}/", ana)


async def snapshot(socket):
    while True:
        frame = await socket.receive_json_from(timeout=PATIENCE)
        if "seq" in frame:
            return frame


async def close_code(socket):
    event = await socket.receive_output(timeout=PATIENCE)
    assert event["type"] == "websocket.close", event
    return event["code"]


async def test_whoever_connects_sees_the_true_state_and_then_the_news(socket, job):
    assert (await socket.connect())[0]
    assert (await snapshot(socket))["state"] == "queued"
    running = await sync_to_async(progress.begin)(job.pk)
    assert (await snapshot(socket)) == running.snapshot()
    done = await sync_to_async(progress.succeed)(running, "x.csv")
    assert (await snapshot(socket)) == done.snapshot()
    assert await close_code(socket) == 1000


async def test_old_news_is_not_sent_again(socket, job):
    await socket.connect()
    old = await snapshot(socket)
    group = bridge.job_group(job.pk)
    event = {"type": "job.news", "snapshot": old, "lines": []}
    await get_channel_layer().group_send(group, event)
    assert await socket.receive_nothing(timeout=0.2)
    await socket.disconnect()


async def test_lost_news_is_healed_by_reading_again(socket, job, settings):
    settings.JOB_READ_AGAIN = 0.1
    await socket.connect()
    await snapshot(socket)
    await Job.objects.aupdate(state=State.CANCELLED, seq=9)  # and nobody is told
    assert (await snapshot(socket))["seq"] == 9
    assert await close_code(socket) == 1000


async def test_a_lost_log_line_is_fetched_before_the_next_one(socket, job):
    await socket.connect()
    await snapshot(socket)
    await JobLog.objects.acreate(job=job, text="one\n", lines=1)  # and nobody is told
    await sync_to_async(progress.change)({"pk": job.pk}, line="two")
    frames = [await socket.receive_json_from(timeout=PATIENCE) for _ in range(3)]
    assert frames[1:] == [{"log": "one", "n": 1}, {"log": "two", "n": 2}]
    await socket.disconnect()


async def test_the_state_comes_before_its_log_and_nothing_comes_after_the_end(socket, job):
    running = await sync_to_async(progress.begin)(job.pk)
    await socket.connect()
    first = await socket.receive_json_from(timeout=PATIENCE)
    assert first == running.snapshot()
    assert "log" in await socket.receive_json_from(timeout=PATIENCE)
    done = await sync_to_async(progress.succeed)(running, "x.csv")
    frames = [await socket.receive_json_from(timeout=PATIENCE)]
    while "log" in frames[-1]:
        frames.append(await socket.receive_json_from(timeout=PATIENCE))
    assert frames[-1] == done.snapshot()
    assert len(frames) > 1
    assert await close_code(socket) == 1000


async def test_an_ended_session_ends_the_socket_even_if_the_news_of_it_is_lost(
    socket, monkeypatch
):
    monkeypatch.setattr(identity, "EVERY", 0.1)
    await socket.connect()
    await snapshot(socket)
    from django.contrib.sessions.models import Session

    await Session.objects.all().adelete()
    assert await close_code(socket) == 4401


@pytest.mark.parametrize("kind", ["jobs", "naive"])
async def test_another_ones_job_and_no_job_close_alike(socket_of, job, bruno, kind):
    for id in (job.pk, uuid.uuid4()):
        socket = await sync_to_async(socket_of)(f"/ws/{kind}/{id}/", bruno)
        assert (await socket.connect())[0]
        assert await close_code(socket) == 4404


async def test_a_stranger_is_told_to_log_in(socket_of, job):
    socket = socket_of(f"/ws/jobs/{job.pk}/")
    assert (await socket.connect())[0]
    assert await close_code(socket) == 4401


async def test_the_naive_socket_never_tells_a_late_comer(socket_of, job, ana):
    await Job.objects.aupdate(state=State.SUCCEEDED)
    socket = await sync_to_async(socket_of)(f"/ws/naive/{job.pk}/", ana)
    await socket.connect()
    assert await socket.receive_nothing(timeout=0.3)
    await socket.disconnect()
