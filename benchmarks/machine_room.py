"""What the machine room costs a worker that does as many tiny tasks a second as it can.

The same load with the room open, and somebody at its page, and without it, by turns: a
pair has the same machine around it. The figure is the median of the pairs.
"""

import json
import statistics
import tempfile
import threading
import time
from contextlib import contextmanager, suppress
from pathlib import Path

import httpx
from celery import Celery

from workbook.panel.room.room import Room
from workbook.run.ports import free_port
from workbook.run.stage_run import StageRun
from workbook.stages import stage

TASKS, PAIRS = 3000, 9
LAST = 4  # tasks whose results are waited for: both children are busy until then
TASK, QUEUE = "students.tasks.count_students", "default"
ALLOWED = 3  # percent


def seconds(app: Celery) -> float:
    """Return how long the worker takes for the load, from its first task to its last."""
    app.control.cancel_consumer(QUEUE, reply=True)
    with app.producer_pool.acquire() as producer:
        for _ in range(TASKS):
            app.send_task(TASK, queue=QUEUE, producer=producer, ignore_result=True)
        last = [app.send_task(TASK, queue=QUEUE, producer=producer) for _ in range(LAST)]
    app.control.add_consumer(QUEUE, reply=True)
    began = time.perf_counter()
    for result in last:
        result.get(timeout=120)
    return time.perf_counter() - began


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


def measure() -> dict:
    """Return the seconds of each pair and the median slowdown in percent."""
    pairs = []
    with (
        tempfile.TemporaryDirectory() as state,
        StageRun(stage(1), Path(state), only=("web", "worker")) as run,
        Celery(broker=run.broker, backend=run.broker, set_as_current=False) as app,
    ):
        seconds(app)  # the first is slower: everything is loaded
        for number in range(PAIRS):
            pair = {}
            for way in ("with", "without") if number % 2 else ("without", "with"):
                if way == "without":
                    pair[way] = seconds(app)
                else:
                    with watched(run, app):
                        pair[way] = seconds(app)
            pairs.append(pair)
            print(f"{pair['without']:.2f} s without, {pair['with']:.2f} s with", flush=True)
    slower = [(pair["with"] / pair["without"] - 1) * 100 for pair in pairs]
    return {"pairs": pairs, "slower": slower, "median": statistics.median(slower)}


def run(folder: Path) -> dict[str, bool]:
    figures = measure()
    (folder / "figures.json").write_text(json.dumps(figures, indent=1))
    rate = TASKS / statistics.median(pair["without"] for pair in figures["pairs"])
    print(f"\n{rate:,.0f} tasks a second; the median of the pairs:", end=" ")
    print(f"slower by {figures['median']:.1f} %\n")
    words = f"the machine room slows a busy worker by less than {ALLOWED} %"
    return {words: figures["median"] < ALLOWED}
