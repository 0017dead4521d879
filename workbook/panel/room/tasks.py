"""What has become of each task: the last few hundred, and counts of the last minute."""

import threading
import time
from collections import OrderedDict, defaultdict
from dataclasses import asdict, dataclass

KEPT = 300  # tasks
LONGEST = 60  # seconds in the timeline
MISSED = 5  # seconds after which no event about a task that was taken comes any more
ASKED = 5  # times for the child that runs a task, then it stays unknown
SEEN = 20  # messages: as many as are looked at in a queue
# Celery's events, and the state in which each leaves a task.
STATES = {
    "task-received": "waiting",
    "task-started": "running",
    "task-succeeded": "done",
    "task-failed": "failed",
    "task-retried": "retried",
    "task-rejected": "rejected",
    "task-revoked": "revoked",
}
ENDED = ("done", "failed", "rejected", "revoked")
COUNTED = ("sent", *dict.fromkeys(STATES.values()), "counted")


@dataclass
class Task:
    id: str
    name: str
    queue: str | None = None
    state: str = "sent"
    worker: str | None = None
    child: int | None = None  # the process that runs it, once it is known
    asked: int = 0  # how often for that process
    sent: float | None = None  # these three: seconds since 1970
    started: float | None = None
    ended: float | None = None
    deliveries: int = 0  # above 1: the broker gave it out again
    retries: int = 0
    version: int = 0  # grows with every change of any task


class Tasks:
    """`workers`: of each node, its process's name and the queue it reads."""

    def __init__(self, workers: dict[str, tuple[str, str]]):
        self.workers = workers
        self.lock = threading.Lock()
        self.version = 0
        self.kept: OrderedDict[str, Task] = OrderedDict()
        self.counts = dict.fromkeys(COUNTED, 0)
        self.seconds: dict[int, dict[str, int]] = {}

    def hear(self, event: dict) -> None:
        """Take one of Celery's events."""
        state = STATES.get(event["type"])
        if not state:
            return
        with self.lock:
            task = self._task(event["uuid"], event.get("name"))
            moment = event["timestamp"]
            node = event["hostname"].partition("@")[0]
            task.worker, queue = self.workers.get(node, (node, None))
            task.queue = task.queue or queue
            if state == "waiting":
                again = task.state == "retried" or event.get("retries", 0) > task.retries
                task.deliveries = 1 if again else task.deliveries + 1
                task.retries = event.get("retries", 0)
                task.sent = task.sent or moment
                task.ended = None
            elif state == "running":
                task.started, task.child, task.asked = moment, None, 0
            elif state in ENDED:
                task.ended = moment
            task.state = state
            self._count(state, moment)

    def see_waiting(self, queue: str, messages: list[tuple[str, str]]) -> None:
        """Take the ids and names of tasks that were seen in a queue."""
        now, there = time.time(), {task_id for task_id, _ in messages}
        with self.lock:
            for task in self.kept.values():
                gone = task.state == "sent" and task.queue == queue and task.id not in there
                if gone and task.sent < now - MISSED and len(there) < SEEN:
                    self.version += 1  # taken, and the event of that was missed
                    task.state, task.version = "counted", self.version
            for task_id, name in messages:
                if task_id in self.kept:
                    continue
                task = self._task(task_id, name)
                task.queue, task.sent = queue, now
                self._count("sent", now)

    def childless(self) -> list[str]:
        """Return the ids of running tasks whose child is not known and worth a question."""
        with self.lock:
            running = [one for one in self.kept.values() if one.state == "running"]
            return [one.id for one in running if not one.child and one.asked < ASKED]

    def busy_child(self, worker: str) -> int | None:
        """Return the process of this worker that runs a task, the latest that is known."""
        with self.lock:
            busy = [one for one in self.kept.values() if one.state == "running"]
            children = [one.child for one in busy if one.worker == worker and one.child]
            return children[-1] if children else None

    def runs_in(self, task_id: str, child: int | None) -> None:
        """Take the answer: the process that runs a task; None when nobody knew."""
        with self.lock:
            task = self.kept.get(task_id)
            if task and task.state == "running":
                self.version += 1
                task.child, task.asked, task.version = child, task.asked + 1, self.version

    def let_go(self) -> None:
        """Their events will be missed: what has not ended is only counted from here on."""
        with self.lock:
            for task in self.kept.values():
                if task.state not in ENDED:
                    self.version += 1
                    task.state, task.version = "counted", self.version

    def count_only(self, number: int) -> None:
        """Count tasks that nobody followed."""
        with self.lock:
            self._count("counted", time.time(), max(0, number))

    def _task(self, task_id: str, name: str | None) -> Task:
        task = self.kept.get(task_id)
        if task is None:
            task = self.kept[task_id] = Task(task_id, name or "?")
            if len(self.kept) > KEPT:
                self.kept.popitem(last=False)
        task.name = name or task.name
        self.version += 1
        task.version = self.version
        return task

    def _count(self, state: str, moment: float, number: int = 1) -> None:
        self.counts[state] += number
        second = int(moment)
        if second not in self.seconds:
            self.seconds[second] = defaultdict(int)
            for old in [one for one in self.seconds if one < second - LONGEST]:
                del self.seconds[old]
        self.seconds[second][state] += number

    def changed_since(self, version: int = 0) -> tuple[int, list[dict]]:
        """Return the newest version, and each task that is newer than `version`."""
        with self.lock:
            newer = [asdict(one) for one in self.kept.values() if one.version > version]
            return self.version, newer

    def timeline(self) -> list[dict[str, int]]:
        """How many tasks came to which state, in each of the last 60 seconds."""
        now = int(time.time())
        with self.lock:
            seconds = range(now - LONGEST + 1, now + 1)
            return [dict(self.seconds.get(second, {})) for second in seconds]
