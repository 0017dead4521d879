"""The prediction is compared with a real run, on a real worker."""

from pathlib import Path

PROGRAM = Path(__file__).parent / "starter" / "predict_me.py"  # not the learner's copy
WHY = {
    "order": "A worker takes tasks as they come; a countdown lets others go first.",
    "d_after_sending": "`.delay()` does not wait. Has a worker begun with d by then?",
    "c_in_the_end": "What does time.sleep do with a text? And the worker, then?",
    "stranger": "What can the result store know of an id that no worker has told it about?",
}


def run_it(program):
    """Inside the copy: run the program; return what really happened."""
    import runpy

    found = runpy.run_path(program)
    tasks = {name: found[name] for name in "abcd"}
    for result in tasks.values():
        result.get(timeout=12, propagate=False)
    return {
        "order": "".join(sorted(tasks, key=lambda name: tasks[name].date_done)),
        "d_after_sending": found["d_after_sending"],
        "c_in_the_end": tasks["c"].state,
        "stranger": found["stranger"],
    }


def test_everything_is_predicted(work):
    work.seen = work.prediction()
    missing = set(WHY) - set(work.seen)
    if missing:
        work.unmet(f"Answers are missing: {', '.join(sorted(missing))}.", "prediction.toml")


def test_the_real_run_agrees(work):
    work.start_redis()
    work.start_worker("slowworker", options="--pool solo")
    real = work.call(run_it, str(PROGRAM), limit=20)
    for name, happened in real.items():
        said = str(work.seen[name]).strip()
        if said.lower() != happened.lower():
            work.unmet(
                f"Your prediction for `{name}`, {said}, is not what happened.",
                f"predict_me.py. {WHY[name]}",
            )
