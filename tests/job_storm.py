"""Many sockets on many jobs, while Redis, the jobs' worker and the web break together."""

import asyncio
from dataclasses import dataclass
from itertools import cycle, islice

from tests.job_checks import files_of
from tests.job_clients import (
    CUT,
    Watched,
    is_whole,
    kill_group,
    start_job,
    watch,
    worker_pids,
)
from workbook.waiting import wait_for

ROWS, PAUSE = 100, 5  # a job of half a second
PATIENCE = 120  # seconds, for the jobs' second and third attempts
COME_BACK = (CUT, 1001, 1012, 4503)  # after these a page opens its line again


@dataclass
class Storm:
    """What is left when it is over."""

    client: object
    jobs: list[dict]
    watched: dict[str, list[Watched]]  # by the job's id

    @property
    def sockets(self) -> list[Watched]:
        return [one for some in self.watched.values() for one in some]

    @property
    def came_back(self) -> int:
        return sum(one.before is not None for one in self.sockets)

    def faults(self, run) -> list[str]:
        """Return all that is wrong, in words."""
        run.manage("rescue_jobs")  # it sweeps the half files of attempts that were killed
        wrong = [fault for one in self.sockets for fault in one.disorder()]
        for job in self.jobs:
            row = self.client.get(job["status_url"]).json()
            name = job["id"][:8]
            if row["state"] != "succeeded":
                wrong.append(f"{name} {row['state']}: {row['message']}")
                continue
            if not is_whole(self.client.get(job["file_url"]).text, ROWS):
                wrong.append(f"the file of {name} is not whole")
            if len(files_of(run, job)) != 1:
                wrong.append(f"{name} has the files {files_of(run, job)}")
            ends = [one.snapshots[-1:] for one in self.watched[job["id"]]]
            strangers = sum(end != [row] for end in ends)  # it changed after an end, too
            if strangers:
                wrong.append(f"{strangers} of {len(ends)} sockets saw no or another end")
        return wrong


class Door(asyncio.Semaphore):
    """Lets so many connect at once, and counts those who are in."""

    entered = 0

    async def __aexit__(self, *reason):
        self.entered += 1
        await super().__aexit__(*reason)


def break_all(run):
    """Redis forgets all, a worker is killed, the web restarts: at the same time."""
    pid = worker_pids(run)[0]
    run.redis.stop()
    kill_group(pid)
    run.processes["jobworker"].wait(30)
    run.stop_process("web")
    run.redis.start()
    run.start_process("jobworker")
    run.start_process("web")


async def storm(run, client, sockets: int, jobs: int) -> Storm:
    """Let so many sockets watch so many jobs through it, to the end."""
    run.stop_process("jobworker")
    started = [start_job(client, ROWS, PAUSE) for _ in range(jobs)]
    door = Door(20)
    tasks = {
        asyncio.create_task(
            watch(run, job["socket_url"], client, door, back=COME_BACK)
        ): job["id"]
        for job in islice(cycle(started), sockets)
    }
    await asyncio.to_thread(wait_for, lambda: door.entered >= sockets, PATIENCE, "all")
    run.start_process("jobworker")
    first = started[0]["status_url"]
    await asyncio.to_thread(
        wait_for, lambda: client.get(first).json()["done"] > 0, 60, "a job to run"
    )
    await asyncio.to_thread(break_all, run)
    over, waiting = await asyncio.wait(tasks, timeout=PATIENCE)
    for task in waiting:
        task.cancel()
    watched = {job["id"]: [] for job in started}
    for task, id in tasks.items():
        watched[id].append(task.result() if task in over else Watched())
    return Storm(client, started, watched)
