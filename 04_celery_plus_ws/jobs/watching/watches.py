"""All jobs that are watched in this process: one watch each, whoever looks at them.

A socket costs no query and no subscription of its own. The rows of all watched jobs are
read again together, every two seconds, in case some news was lost.
"""

import asyncio
import logging

from django.conf import settings

from ..tasks import publish
from . import looking
from .watch import Seat, Watch

logger = logging.getLogger(__name__)


class Watches:
    def __init__(self):
        self.by_job = {}
        self.reading = self.rescuing = None  # tasks

    async def sit_down(self, job_id, scope, wake) -> Seat:
        """Return a seat at the watch of this job; `wake()` is called when it has news.

        The seat must be left. Raises LAYER_DOWN when the first one finds no Redis.
        """
        watch = self.by_job.get(job_id)
        if watch is None:
            watch = self.by_job[job_id] = Watch(job_id)
        seat = Seat(watch, scope, wake)
        watch.seats.add(seat)
        if not _is_running(self.reading):
            self.reading = asyncio.create_task(self._read_again_and_again())
        try:
            await asyncio.shield(watch.known)
        except BaseException:
            self.leave(seat)
            raise
        return seat

    def leave(self, seat: Seat):
        watch = seat.watch
        watch.seats.discard(seat)
        if not watch.seats and self.by_job.get(watch.job_id) is watch:
            del self.by_job[watch.job_id]
            watch.task.cancel()

    async def _read_again_and_again(self):
        while self.by_job:
            await asyncio.sleep(settings.JOB_READ_AGAIN)
            try:
                await self._read_again()
            except Exception:
                logger.exception("The watched jobs could not be read again.")

    async def _read_again(self):
        known = [one for one in self.by_job.values() if one.known.done()]
        jobs = {job.pk: job for job in await looking.look_at([one.job_id for one in known])}
        for watch in known:
            if watch.job_id in jobs:
                await watch.compare(jobs[watch.job_id])
            else:
                watch.lose()
            for seat in watch.seats:
                if not seat.may_see():  # no longer one of the staff
                    seat.wake()
        overdue = [job for job in jobs.values() if job.overdue]
        if overdue and not _is_running(self.rescuing):
            self.rescuing = asyncio.create_task(looking.rescue_them(publish, overdue))


def _is_running(task) -> bool:
    """Return whether this task runs, in this event loop: each test has one of its own."""
    return bool(task and not task.done() and task.get_loop() is asyncio.get_running_loop())


watches = Watches()
