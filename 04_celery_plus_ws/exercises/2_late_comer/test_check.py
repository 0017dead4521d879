"""Watchers that come late, in the very moment of a change, and after the end."""

import random

FILE = "labs/naive_consumer.py"


async def watch_all(moments, done):
    """Inside the copy: watch a job for each moment at which something happens."""
    from channels.layers import get_channel_layer

    from jobs import progress

    # A worker tells the group from a process of its own, over Redis. The in-memory
    # layer belongs to this loop: so the news is sent from here.
    progress.bridge.tell = lambda group, event: True
    honest = get_channel_layer().group_add
    seen = {}
    for moment in moments:
        seen[moment] = await watch(moment, honest, done)
    return seen


async def watch(moment, honest_group_add, done):
    """Watch one job, in which something happens at `moment`; return the frames."""
    from channels.layers import get_channel_layer
    from django.contrib.auth import get_user_model

    from jobs import progress
    from jobs.models import Job, State

    ana = await get_user_model().objects.acreate_user(f"ana-{moment}")
    job = await Job.objects.acreate(owner=ana, total=100, state=State.RUNNING, attempt=1)
    layer = get_channel_layer()

    async def group_add(group, channel):
        if moment == "just before joining":
            await happen(job, progress.change, progress.mine(job), done=done)
        await honest_group_add(group, channel)
        if moment == "just after joining":
            await happen(job, progress.change, progress.mine(job), done=done)

    layer.group_add = group_add
    if moment == "after the end":
        await happen(job, progress.succeed, job, "report.csv")
    socket = await open_socket(ana, job)
    frames, code = await frames_of(socket)
    at_once = [frame["done"] for frame in frames]
    if moment != "after the end":
        old = progress.news(await Job.objects.aget(pk=job.pk), False)
        old["snapshot"] |= {"seq": 1, "done": 99}  # a message that was overtaken
        await layer.group_send(progress.bridge.job_group(job.pk), old)
        # A worker that begins anew has done less than the one before it.
        await happen(job, progress.change, progress.mine(job), done=7)
        more, code = await frames_of(socket)
        frames += more
        await happen(job, progress.succeed, job, "report.csv")
        more, code = await frames_of(socket)
        frames += more
    socket.future.cancel()
    seqs, finals = [f["seq"] for f in frames], sum(f["final"] for f in frames)
    all_done = [frame["done"] for frame in frames]
    seen = {"at_once": at_once, "seqs": seqs, "finals": finals, "code": code}
    return seen | {"all_done": all_done}


async def watch_as_stranger():
    """Inside the copy: Bruno and a visitor watch Ana's job; return what they get."""
    from django.contrib.auth import get_user_model
    from django.contrib.auth.models import AnonymousUser

    from jobs.models import Job, State

    users = get_user_model().objects
    ana, bruno = [await users.acreate_user(name) for name in ("ana", "bruno")]
    job = await Job.objects.acreate(owner=ana, total=100, state=State.RUNNING, attempt=1)
    seen = []
    for user in (bruno, AnonymousUser()):
        socket = await open_socket(user, job)
        seen.append(await frames_of(socket))
        socket.future.cancel()
    return seen


async def happen(job, change, *args, **fields):
    """Change the job as a worker does, and tell the group."""
    from asgiref.sync import sync_to_async
    from channels.layers import get_channel_layer

    from jobs import progress

    changed = await sync_to_async(change)(*args, **fields)
    group = progress.bridge.job_group(job.pk)
    await get_channel_layer().group_send(group, progress.news(changed, False))


async def open_socket(user, job):
    from channels.testing import WebsocketCommunicator

    from labs.naive_consumer import NaiveJobConsumer

    socket = WebsocketCommunicator(NaiveJobConsumer.as_asgi(), "/")
    socket.scope["user"] = user
    socket.scope["url_route"] = {"kwargs": {"job_id": job.pk}}
    await socket.connect(timeout=5)
    return socket


async def frames_of(socket):
    """Return the frames that have come, and the close code or None."""
    import json

    frames = []
    while not await socket.receive_nothing(timeout=0.4):
        event = await socket.receive_output(timeout=1)
        if event["type"] == "websocket.close":
            return frames, event.get("code", 1000)
        frames.append(json.loads(event["text"]))
    return frames, None


def test_whoever_comes_after_the_end_sees_it(work):
    moments = ["after the end", "just before joining", "just after joining"]
    done = random.randint(30, 90)
    work.seen = work.call(watch_all, moments, done, database=True)
    work.seen["just before joining"]["done"] = done
    seen = work.seen["after the end"]
    if seen["at_once"] != [100]:
        work.unmet(
            "Whoever comes after the end sees nothing of it.", FILE, got=seen["at_once"]
        )
    if seen["code"] != 1000:
        work.unmet("After the final snapshot the socket is not closed with 1000.", FILE)


def test_what_happens_while_somebody_joins_is_not_lost(work):
    seen = work.seen["just before joining"]
    if seen["done"] not in seen["at_once"]:
        work.unmet(
            "A report that came just before the watcher joined the group is lost.",
            f"{FILE}, connect: the order of joining and reading",
            wanted=f"a frame with done = {seen['done']}",
            got=seen["at_once"],
        )


def test_nothing_older_follows_what_is_newer(work):
    for seen in work.seen.values():
        if seen["seqs"] != sorted(set(seen["seqs"])):
            work.unmet("A frame is older than the one before it.", FILE, got=seen["seqs"])
        if seen["finals"] != 1 or seen["code"] != 1000:
            work.unmet("The end did not come exactly once.", FILE, got=seen["finals"])
        if seen["at_once"] != [100] and 7 not in seen["all_done"]:
            work.unmet(
                "News is missing: a second worker has begun, with fewer rows done. What "
                "is newer is told by `seq`, not by `done`.",
                FILE,
                got=seen["all_done"],
            )


def test_nobody_watches_somebody_elses_job(work):
    for frames, code in work.call(watch_as_stranger, database=True):
        if frames or code != 4404:
            work.unmet(
                "A stranger watches somebody else's job.",
                f"{FILE}, connect",
                wanted="no frame, closed with 4404",
                got=f"{len(frames)} frames, {code}",
            )
