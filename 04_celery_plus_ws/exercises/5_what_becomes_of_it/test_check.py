"""The prediction is compared with a real run on a real database."""

from pathlib import Path

PROGRAM = Path(__file__).parent / "starter" / "predict_me.py"  # not the learner's copy
WHY = {
    "twice_attempt": "What does `begin` expect of the row?",
    "early_state": "The task comes after the cancel. What does `begin` find?",
    "middle_state": "At row 10 the row says something else than the reporter expects.",
    "lost_state": "Two workers, attempts 1 and 2: which one may still write?",
    "late_answer_is_none": "What does `change` return when no row matches?",
    "files_there": "Who writes a file, and which of them stay?",
}


def run_it(program):
    """Inside the copy: a school of students, then the program."""
    import runpy

    from students.school import seed_school

    seed_school()
    found = runpy.run_path(program)
    return {
        "twice_attempt": str(found["twice"].attempt),
        "early_state": found["early"].state,
        "middle_state": found["middle"].state,
        "lost_state": found["lost"].state,
        "late_answer_is_none": "yes" if found["late_answer"] is None else "no",
        "files_there": str(found["files_there"]),
    }


def test_everything_is_predicted(work):
    work.seen = work.prediction()
    missing = set(WHY) - set(work.seen)
    if missing:
        work.unmet(f"Answers are missing: {', '.join(sorted(missing))}.", "prediction.toml")


def test_the_real_run_agrees(work):
    real = work.call(run_it, str(PROGRAM), database=True)
    for name, happened in real.items():
        said = str(work.seen[name]).strip()
        if said.lower() != happened:
            work.unmet(
                f"Your prediction for `{name}`, {said}, is not what happened.",
                f"predict_me.py. {WHY[name]}",
            )
