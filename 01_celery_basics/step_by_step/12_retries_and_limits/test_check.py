"""A closed archive is tried again, a bug is not; a long job is stopped."""


def look():
    """Inside the copy: how the retried task is declared, and the limits of the other."""
    from archive.tasks import fetch_register, sort_papers

    limits = (sort_papers.soft_time_limit, sort_papers.time_limit)
    return {"bound": bool(getattr(fetch_register, "__bound__", False)), "limits": limits}


def fetch(closed_times, bug=False):
    """Inside the copy: do the task here; its tries follow one another at once."""
    from archive import clerk
    from archive.tasks import fetch_register

    tries = []
    real = clerk.fetch_register

    def counted(before, times):
        tries.append(before)
        if bug:
            raise KeyError("a bug")
        return real(before, times)

    clerk.fetch_register = counted
    done = fetch_register.apply((closed_times,))
    return {"state": done.state, "result": str(done.result), "tries": len(tries)}


def sort(stubborn):
    """Inside the copy: the soft limit comes at once; how often are papers sorted?"""
    from celery.exceptions import SoftTimeLimitExceeded

    from archive import clerk
    from archive.tasks import sort_papers

    calls = []

    def limited(seconds):
        calls.append(seconds)
        if len(calls) == 1:
            raise SoftTimeLimitExceeded
        return "Sorted."

    clerk.sort_papers = limited
    return [str(sort_papers(20, stubborn)), len(calls)]


def addresses():
    """Inside the copy: the status of the new pages."""
    from django.test import Client

    names = ("task", "retry", "limit")
    return {name: Client().post(f"/slow/{name}/").status_code for name in names}


def test_the_task_knows_how_often_it_was_tried(work):
    work.seen = work.call(look)
    if not work.seen["bound"]:
        work.unmet(
            "fetch_register does not get itself as `self`: bind=True is missing.",
            "archive/tasks.py, @shared_task(...)",
        )


def test_a_closed_archive_is_tried_again(work):
    seen = work.call(fetch, 2)
    if seen["state"] != "SUCCESS" or seen["tries"] != 3:
        work.unmet("Closed twice, the register should come at try 3.", got=seen)
    seen = work.call(fetch, 99)
    if seen["tries"] != 5:
        work.unmet(f"It gave up after {seen['tries']} tries, not after 5.", "max_retries=4")
    if "ArchiveClosed" not in seen["result"] and "nobody opened" not in seen["result"]:
        work.unmet("In the end the task should fail with the archive's error.", got=seen)


def test_a_bug_is_not_tried_again(work):
    seen = work.call(fetch, 2, bug=True)
    if seen["tries"] != 1:
        work.unmet(
            f"A bug is tried again, {seen['tries']} times: it does not go away by waiting.",
            "archive/tasks.py: except clerk.ArchiveClosed",
        )


def test_a_long_job_is_stopped(work):
    soft, hard = work.seen["limits"]
    if not soft:
        work.unmet("sort_papers has no soft limit.", "soft_time_limit=1")
    if not hard or hard <= soft:
        work.unmet("The hard limit comes after the soft one.", got=[soft, hard])
    if work.call(sort, False)[1] != 1 or work.call(sort, True)[1] != 2:
        work.unmet("At the soft limit only a stubborn task goes on.", "sort_papers")


def test_the_pages_have_their_addresses(work):
    seen = work.call(addresses, database=True)
    if set(seen.values()) != {202}:
        work.unmet("Some pages do not answer with 202.", "config/urls.py", got=seen)
