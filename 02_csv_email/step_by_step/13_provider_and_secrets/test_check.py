"""The provider and its secrets come from the environment; stage 1 is left behind."""

PROVIDER = {
    "EMAIL_HOST": "smtp.provider.example",
    "EMAIL_HOST_USER": "apikey",
    "EMAIL_HOST_PASSWORD": "a-key-of-the-check",
    "DEFAULT_FROM_EMAIL": "reports@school.example",
}


def look(names):
    """Inside the copy: settings by their names."""
    from django.conf import settings

    return {name: getattr(settings, name, None) for name in names}


def health():
    """Inside the copy: which pages answer, and how the front page begins."""
    from django.test import Client

    pages = ("/", "/healthz", "/reports/students/", "/feedback/", "/attendance/roll-calls/")
    front = Client().get("/").content.decode()
    status = {path: Client().get(path).status_code for path in pages}
    return {"pages": status, "old": "/slow/" in front, "new": "/feedback/" in front}


def test_the_environment_names_the_provider(work):
    seen = work.call(look, list(PROVIDER), outbox=False, env=PROVIDER)
    for name, value in PROVIDER.items():
        if seen[name] != value:
            work.unmet(
                f"The variable {name} is not heard.",
                "config/settings.py, env(...)",
                wanted=value,
                got=seen[name],
            )


def test_encryption_is_a_yes_or_a_no(work):
    names = ["EMAIL_USE_TLS", "EMAIL_USE_SSL"]
    for text, wanted in (("0", False), ("1", True)):
        for name in names:
            seen = work.call(look, names, outbox=False, env={name: text})
            if bool(seen[name]) is not wanted:
                heard = "yes" if seen[name] else "no"
                work.unmet(
                    f"{name}={text} is heard as {heard}.", "config/settings.py, env.bool"
                )


def test_stage_1_is_left_behind(work):
    for name in ("archive", "certificates", "labs"):
        if (work.folder / name).is_dir() and any((work.folder / name).rglob("*.py")):
            work.unmet(f"The folder {name}/ is still there.", "the page, `rm -r`")
    seen = work.call(health, database=True)
    ill = {path: status for path, status in seen["pages"].items() if status != 200}
    if ill:
        work.unmet("Some pages do not answer with 200.", wanted={}, got=ill)
    if seen["old"] or not seen["new"]:
        work.unmet("The front page is still that of stage 1.", "home/, given")
