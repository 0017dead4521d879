"""One watch a job, whoever looks at it, and the page's one socket."""

import asyncio
import json
import uuid
from functools import partial

import pytest
from asgiref.sync import sync_to_async
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth import get_user_model
from django.db import OperationalError, connection

from jobs import progress
from jobs.models import Job, State, in_seconds
from jobs.watching import looking
from jobs.watching.watch import Seat
from jobs.watching.watches import Watches, watches
from sockets import identity

pytestmark = pytest.mark.django_db(transaction=True)


class Page:
    """A socket's end of a seat, without a socket."""

    def __init__(self, user):
        self.scope = {"user": user}
        self.news = asyncio.Event()

    async def sit_down(self, its_watches, job):
        self.seat = await its_watches.sit_down(job.pk, self.scope, self.news.set)
        return self

    async def hears(self) -> dict:
        """Return the next state."""
        while True:
            await asyncio.wait_for(self.news.wait(), 20)
            self.news.clear()
            text = self.seat.newer()[1]
            if text:
                return json.loads(text)


@pytest.fixture
async def its_watches():
    made = Watches()
    yield made
    for watch in list(made.by_job.values()):
        for seat in list(watch.seats):
            made.leave(seat)
    made.reading.cancel()


async def test_a_hundred_sockets_of_one_job_cost_one_watch(its_watches, job, ana):
    pages = [await Page(ana).sit_down(its_watches, job) for _ in range(100)]
    layer = get_channel_layer()
    assert len(its_watches.by_job) == 1
    assert [len(members) for members in layer.groups.values()] == [1]
    for page in pages:
        page.seat.newer()
    now = await sync_to_async(progress.begin)(job.pk)
    for page in pages:
        while (await page.hears())["seq"] < now.seq:
            pass
    for page in pages:
        its_watches.leave(page.seat)
    assert its_watches.by_job == {}


async def test_the_watched_rows_are_read_again_by_one_query(its_watches, ana, settings):
    settings.JOB_READ_AGAIN = 3600
    for _ in range(5):
        job = await Job.objects.acreate(owner=ana, total=1, due=in_seconds(60))
        for _ in range(3):
            await Page(ana).sit_down(its_watches, job)
    seen = []

    def count(execute, *args):
        seen.append(args[0])
        return execute(*args)

    wrappers = await database_sync_to_async(lambda: connection.execute_wrappers)()
    wrappers.append(count)
    await its_watches._read_again()
    wrappers.remove(count)
    assert len(seen) == 1
    assert "jobs_joblog" in seen[0]
    assert "text" not in seen[0]  # how many lines there are, not the lines


async def test_a_slow_socket_misses_states_but_not_the_newest(its_watches, job, ana):
    page = await Page(ana).sit_down(its_watches, job)
    running = await sync_to_async(progress.begin)(job.pk)
    for done in (1, 2, 3):
        now = await sync_to_async(progress.change)(progress.mine(running), done=done)
    while page.seat.watch.seq < now.seq:
        await asyncio.wait_for(page.news.wait(), 20)
        page.news.clear()
    assert json.loads(page.seat.newer()[1])["done"] == 3


async def test_a_crowd_is_woken_in_parts_and_none_is_forgotten(its_watches, job, ana):
    page = await Page(ana).sit_down(its_watches, job)
    watch, woken, between = page.seat.watch, [], set()
    seats = {Seat(watch, page.scope, partial(woken.append, n)) for n in range(1000)}
    watch.seats |= seats
    watch.take(job.snapshot() | {"seq": 2}, [])
    while len(woken) < 1000:
        await asyncio.sleep(0)
        between.add(len(woken))
        if len(between) == 2:
            watch.take(job.snapshot() | {"seq": 3}, [])  # in the middle of it
    assert len(between) > 3  # the loop had its turns
    await watch.waking
    assert sorted(woken) == sorted([*range(1000)] * 2)
    watch.seats -= seats


async def test_after_a_look_that_failed_comes_the_next_one(
    its_watches, job, ana, settings, monkeypatch, caplog
):
    async def look_at(ids):
        monkeypatch.undo()
        raise OperationalError("the line is dead")

    settings.JOB_READ_AGAIN = 0.1
    page = await Page(ana).sit_down(its_watches, job)
    page.seat.newer()
    await Job.objects.aupdate(state=State.CANCELLED, seq=9)  # and nobody is told
    monkeypatch.setattr(looking, "look_at", look_at)
    settings.JOB_READ_AGAIN = 0.1
    assert (await page.hears())["seq"] == 9
    assert "the line is dead" in caplog.text


async def test_a_silent_job_is_rescued_once_for_all_who_watch(
    its_watches, job, ana, settings, monkeypatch
):
    sent = []
    monkeypatch.setattr("jobs.tasks.send", lambda task, id, **_: sent.append(id))
    settings.JOB_READ_AGAIN = 0.1
    await Job.objects.aupdate(state=State.RUNNING, attempt=1, due=in_seconds(-1))
    pages = [await Page(ana).sit_down(its_watches, job) for _ in range(5)]
    while (await pages[0].hears())["state"] != "queued":
        pass
    await its_watches.rescuing
    assert sent == [str(job.pk)]


# --- over a socket -----------------------------------------------------------------------


async def frame_of(socket):
    return await socket.receive_json_from(timeout=20)


async def test_one_socket_carries_all_jobs_of_a_page(socket_of, job, ana, bruno):
    his = await Job.objects.acreate(owner=bruno, total=1, due=in_seconds(60))
    hers = await Job.objects.acreate(owner=ana, total=1, due=in_seconds(60))
    socket = await sync_to_async(socket_of)("/ws/jobs/", ana)
    await socket.connect()
    for ids in ([job.pk, hers.pk], [his.pk], [uuid.uuid4()]):
        await socket.send_json_to({"watch": list(map(str, ids))})
    first = [await frame_of(socket) for _ in range(4)]
    states = {frame["id"] for frame in first if "seq" in frame}
    assert states == {str(job.pk), str(hers.pk)}
    assert [frame.keys() for frame in first if "gone" in frame] == [{"id", "gone"}] * 2

    await sync_to_async(progress.cancel)(job.pk)
    assert await frame_of(socket) == {"id": str(job.pk), "log": "Cancelled.", "n": 1}
    end = await frame_of(socket)
    assert (end["id"], end["final"]) == (str(job.pk), True)
    await sync_to_async(progress.begin)(hers.pk)  # the others go on
    assert (await frame_of(socket))["id"] == str(hers.pk)
    assert set(watches.by_job) == {hers.pk}
    await socket.disconnect()
    assert watches.by_job == {}


@pytest.mark.parametrize("wish", [{}, {"watch": "all"}, {"watch": [7]}, {"watch": ["x"]}])
async def test_a_page_that_wishes_nonsense_is_told(socket_of, ana, wish):
    socket = await sync_to_async(socket_of)("/ws/jobs/", ana)
    await socket.connect()
    await socket.send_json_to(wish)
    assert "Say which jobs" in (await frame_of(socket))["error"]
    await socket.disconnect()


async def test_without_the_staff_flag_a_job_of_others_is_seen_no_more(
    socket_of, job, teacher, settings, monkeypatch
):
    monkeypatch.setattr(identity, "EVERY", 0.1)
    settings.JOB_READ_AGAIN = 0.1
    socket = await sync_to_async(socket_of)(f"/ws/jobs/{job.pk}/", teacher)
    await socket.connect()
    assert (await frame_of(socket))["seq"] == 1
    await get_user_model().objects.filter(pk=teacher.pk).aupdate(is_staff=False)
    event = await socket.receive_output(timeout=20)
    assert event == {"type": "websocket.close", "code": 4404}
