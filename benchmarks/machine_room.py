"""What the machine room costs a worker that does as many tiny tasks a second as it can.

The same load with the room open, and somebody at its page, and without it, by turns: a
pair has the same machine around it. The figures are medians of the pairs: of the seconds,
and of the worker's processor seconds, which other programs do not disturb.
"""

import json
import statistics
import tempfile
import threading
import time
from contextlib import contextmanager, nullcontext, suppress
from pathlib import Path

import httpx
from celery import Celery

from workbook.panel.room.room import Room
from workbook.run.ports import free_port
from workbook.run.stage_run import StageRun
from workbook.stages import stage

TASKS, PAIRS = 2000, 7
LAST = 4  # tasks whose results are waited for: both children are busy until then
TASK, QUEUE = "students.tasks.count_students", "default"
ALLOWED = 3  # percent


def load(app: Celery, run: StageRun) -> dict[str, float]:
    """Return what the load takes, from its first task to its last: seconds, processor."""
    app.control.cancel_consumer(QUEUE, reply=True)
    with app.producer_pool.acquire() as producer:
        for _ in range(TASKS):
            app.send_task(TASK, queue=QUEUE, producer=producer, ignore_result=True)
        last = [app.send_task(TASK, queue=QUEUE, producer=producer) for _ in range(LAST)]
    began, used = time.perf_counter(), processor(run)
    app.control.add_consumer(QUEUE, reply=True)
    for result in last:
        result.get(timeout=240)
    return {"seconds": time.perf_counter() - began, "processor": processor(run) - used}


def processor(run: StageRun) -> float:
    """Processor seconds of the worker and its children until now."""
    main = run.processes["worker"].main
    family = [main, *main.children()]
    return sum(sum(one.cpu_times()[:2]) for one in family)


@contextmanager
def watched(run: StageRun, app: Celery):
    """The machine room with somebody at its page."""
    room = Room(run, free_port()).open()
    room.connect()
    time.sleep(1)  # its threads and its server come up
    page = threading.Thread(target=look_at, args=(room.url,))
    page.start()
    try:
        yield
    finally:
        room.close()  # the page's stream ends with it
        page.join()
        time.sleep(2)  # what is under way ends
        app.control.disable_events(reply=True)


def look_at(url: str) -> None:
    """Read what the room tells its page, as a browser does."""
    with (
        suppress(httpx.TransportError),
        httpx.Client(base_url=url, trust_env=False, timeout=None) as page,
        page.stream("GET", "/events") as stream,
    ):
        for _ in stream.iter_lines():
            pass


def measure() -> list[dict]:
    """Return the pairs: {"with": {...}, "without": {...}}."""
    pairs = []
    with (
        tempfile.TemporaryDirectory() as state,
        StageRun(stage(1), Path(state), only=("web", "worker")) as run,
        Celery(broker=run.broker, backend=run.broker, set_as_current=False) as app,
    ):
        load(app, run)  # the first is slower: everything is loaded
        for number in range(PAIRS):
            pair = {}
            for way in ("with", "without") if number % 2 else ("without", "with"):
                with watched(run, app) if way == "with" else nullcontext():
                    pair[way] = load(app, run)
            pairs.append(pair)
            told = [f"{way} {one['seconds']:.2f} s" for way, one in pair.items()]
            print(*told, sep=", ", flush=True)
    return pairs


def slower(pairs: list[dict], what: str) -> float:
    """Return the median slowdown in percent."""
    return 100 * statistics.median(
        pair["with"][what] / pair["without"][what] - 1 for pair in pairs
    )


def run(folder: Path) -> dict[str, bool]:
    pairs = measure()
    (folder / "figures.json").write_text(json.dumps(pairs, indent=1))
    rate = TASKS / statistics.median(pair["without"]["seconds"] for pair in pairs)
    longer, dearer = slower(pairs, "seconds"), slower(pairs, "processor")
    print(f"\n{rate:,.0f} tasks a second. With the machine room, medians of the pairs:")
    print(f"{longer:+.1f} % seconds, {dearer:+.1f} % of the worker's processor seconds\n")
    words = f"the machine room slows a busy worker by less than {ALLOWED} %"
    return {words: longer < ALLOWED}
