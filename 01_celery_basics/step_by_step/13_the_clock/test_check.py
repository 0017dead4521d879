"""Beat sends the roll call by the clock, and the task takes the roll."""


def schedule():
    """Inside the copy: what beat would send, and whether a worker knows it."""
    from celery import current_app

    current_app.loader.import_default_modules()
    found = [
        {
            "task": entry["task"],
            "known": entry["task"] in current_app.tasks,
            "every": str(entry["schedule"]),
            "expires": (entry.get("options") or {}).get("expires"),
        }
        for entry in (current_app.conf.beat_schedule or {}).values()
    ]
    return found


def take(name):
    """Inside the copy: do the task twice; what the page shows then."""
    from celery import current_app
    from django.test import Client

    from students.school import seed_school

    seed_school()
    current_app.loader.import_default_modules()
    for _ in range(2):
        current_app.tasks[name].apply()
    answer = Client().get("/attendance/roll-calls/")
    ok = answer.status_code == 200
    return answer.json()["roll_calls"] if ok else answer.status_code


def test_a_task_is_sent_by_the_clock(work):
    found = work.call(schedule)
    if not found:
        work.unmet(
            "No task is sent by the clock.", "config/settings.py, CELERY_BEAT_SCHEDULE"
        )
    entry = found[0]
    if not entry["known"]:
        work.unmet(
            f"Beat would send {entry['task']}, and no worker knows such a task.",
            "config/settings.py: the task's whole name, and 'attendance' in INSTALLED_APPS",
        )
    work.seen = entry["task"]


def test_the_task_takes_the_roll(work):
    calls = work.call(take, work.seen, database=True)
    if calls == 404:
        work.unmet("There is no page at /attendance/roll-calls/.", "config/urls.py")
    if not isinstance(calls, list) or len(calls) != 2 or calls[0]["students"] != 60:
        work.unmet("No roll call was kept.", "attendance/tasks.py", got=calls)


def test_beat_runs_once(work):
    beats = [text for text in work.commands().values() if " beat" in text]
    if not beats:
        work.unmet("Nobody reads the schedule: beat is missing.", "Procfile.dev")
    if len(beats) > 1:
        work.unmet("Two beats send everything twice.", "Procfile.dev")
