"""The slow job is done in the request: the visitor waits for it."""


def ask():
    """Inside the copy: open the page; the archive's sleep is counted, not slept."""
    import time

    from django.test import Client

    slept = []
    time.sleep = slept.append
    answer = Client().get("/slow/blocking/")
    return {"status": answer.status_code, "slept": sum(slept)}


def test_the_slow_page_has_its_address(work):
    work.seen = work.call(ask)
    if work.seen["status"] == 404:
        work.unmet(
            "There is no page at /slow/blocking/ (with a slash at its end).",
            "config/urls.py, urlpatterns",
        )
    if work.seen["status"] != 200:
        work.unmet("The page fails.", wanted=200, got=work.seen["status"])


def test_the_visitor_waits_for_the_archive(work):
    if not work.seen["slept"]:
        work.unmet(
            "The page answers without asking the archive.",
            "archive/views.py: the call of marks.fetch_marks",
        )
