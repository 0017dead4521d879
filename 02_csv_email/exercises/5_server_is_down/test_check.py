"""The prediction is compared with a real worker and a real mail server."""

from pathlib import Path

PROGRAM = Path(__file__).parent / "starter" / "predict_me.py"  # not the learner's copy
WHY = {
    "blocking": "The request itself needs the mail server.",
    "offloaded": "The request needs the broker only, and the broker is up.",
    "after_first_try": "What does MailTask do on TryLater?",
    "in_the_end": "What becomes of a task that tries again and succeeds?",
    "sent_again": "Is a task that finds its work done a failed one?",
    "mails": "In which state must a letter be to be sent?",
}


def down(program):
    """Inside the copy: what the visitors get, and what the first try leaves."""
    import runpy
    import time

    from celery import current_app
    from celery.result import AsyncResult

    from outbox.models import Letter

    sent = []
    current_app.conf  # noqa: B018 - the signal below needs the app to be ready
    from celery.signals import after_task_publish

    def note(headers=None, **_):
        sent.append(headers["id"])

    after_task_publish.connect(note, weak=False)
    seen = runpy.run_path(program)["while_the_mail_server_is_down"]()
    result = AsyncResult(sent[0])
    state = "PENDING"
    deadline = time.monotonic() + 10
    while state in ("PENDING", "STARTED") and time.monotonic() < deadline:
        time.sleep(0.02)
        state = result.state  # read once: the next try may begin at once
    return {
        "seen": seen | {"after_first_try": state},
        "id": sent[0],
        "letters": Letter.objects.count(),
    }


def back(program, task_id):
    """Inside the copy: the server is back; wait for the task, then send it again."""
    import runpy

    from celery.result import AsyncResult

    first = AsyncResult(task_id)
    first.get(timeout=15, propagate=False)
    again = runpy.run_path(program)["when_it_is_back_and_the_mail_has_arrived"]()
    again.get(timeout=10, propagate=False)
    return {"in_the_end": first.state, "sent_again": again.state}


def test_everything_is_predicted(work):
    work.seen = work.prediction()
    missing = set(WHY) - set(work.seen)
    if missing:
        work.unmet(f"Answers are missing: {', '.join(sorted(missing))}.", "prediction.toml")


def test_the_real_run_agrees(work):
    box = work.letterbox()
    work.env |= {**box.env, "MAIL_PAUSE": "0"}
    work.make_tables()
    work.start_redis()
    work.start_worker("worker", options="--pool solo")
    before = work.call(down, str(PROGRAM), outbox=False)
    box.open()
    after = work.call(back, str(PROGRAM), before["id"], outbox=False, limit=28)
    real = before["seen"] | after | {"mails": len(box.mails())}
    for name, happened in real.items():
        said = str(work.seen[name]).strip()
        if said.lower() != str(happened).lower():
            work.unmet(
                f"Your prediction for `{name}`, {said}, is not what happened.",
                f"predict_me.py. {WHY[name]}",
            )
