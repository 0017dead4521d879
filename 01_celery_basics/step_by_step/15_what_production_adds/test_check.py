"""Procfile starts all that the school needs, and the school is well."""


def health():
    """Inside the copy: which of its pages answer."""
    from django.conf import settings
    from django.test import Client

    pages = ("/", "/healthz", "/api/students/", "/attendance/roll-calls/")
    return {
        "queues": [queue.name for queue in settings.CELERY_TASK_QUEUES],
        "pages": {path: Client().get(path).status_code for path in pages},
    }


def read(work):
    """The commands of the Procfile by their names."""
    if not (work.folder / "Procfile").is_file():
        work.unmet("There is no Procfile yet.", "the page, `Procfile`")
    lines = [line.partition(":") for line in work.read("Procfile").splitlines()]
    return {name.strip(): f"{command.strip()} " for name, _, command in lines}


def test_the_procfile_starts_a_web_for_many(work):
    web = read(work).get("web", "")
    if "runserver" in web:
        work.unmet(
            "runserver is for your desk: neither quick nor safe.",
            "Procfile, the line `web:`",
        )
    if "config.wsgi" not in web or "$PORT" not in web:
        work.unmet("The line `web:` does not serve config.wsgi on $PORT.", "Procfile")


def test_release_makes_the_tables(work):
    if "migrate" not in read(work).get("release", ""):
        work.unmet("`release` makes no tables: migrate is missing.", "Procfile")


def test_the_school_is_well(work):
    work.seen = work.call(health, database=True)
    ill = {path: status for path, status in work.seen["pages"].items() if status != 200}
    if ill:
        work.unmet("Some pages do not answer with 200.", wanted={}, got=ill)


def test_every_queue_has_a_worker_and_the_clock_ticks(work):
    commands = read(work).values()
    for queue in work.seen["queues"]:
        if not any(f"-Q {queue} " in command for command in commands):
            work.unmet(f"No worker takes from the queue `{queue}`.", "Procfile, -Q")
    if not any("celery -A config beat" in command for command in commands):
        work.unmet("Nobody calls beat: no roll call by the clock.", "Procfile")
