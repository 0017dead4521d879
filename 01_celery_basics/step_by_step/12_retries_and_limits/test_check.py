"""A closed archive is tried again, a bug is not; a long job is stopped."""


def fetch():
    """Inside the copy: the tries of the task; they follow one another at once."""
    from archive import clerk
    from archive.tasks import fetch_register, sort_papers

    real = clerk.fetch_register

    def tried(closed_times, bug=False):
        tries = []

        def counted(before, times):
            tries.append(before)
            if bug:
                raise KeyError("a bug")
            return real(before, times)

        clerk.fetch_register = counted
        done = fetch_register.apply((closed_times,))
        return {"state": done.state, "result": repr(done.result), "tries": len(tries)}

    return {
        "twice": tried(2),
        "always": tried(99),
        "bug": tried(2, bug=True),
        "limits": (sort_papers.soft_time_limit, sort_papers.time_limit),
        "stopped": sort(False),
        "stubborn": sort(True),
        "pages": addresses(),
    }


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
    sort_papers(20, stubborn)
    return len(calls)


def addresses():
    """Inside the copy: the status of the new pages."""
    from django.test import Client

    names = ("task", "retry", "limit")
    return {name: Client().post(f"/slow/{name}/").status_code for name in names}


def test_a_closed_archive_is_tried_again(work):
    work.seen = work.call(fetch, database=True)
    twice, always = work.seen["twice"], work.seen["always"]
    if "has no attribute 'request'" in twice["result"]:
        work.unmet(
            "fetch_register does not get itself as `self`: bind=True is missing.",
            "archive/tasks.py, @shared_task(...)",
        )
    if twice["state"] != "SUCCESS" or twice["tries"] != 3:
        work.unmet("Closed twice, the register should come at try 3.", got=twice)
    if always["tries"] != 5:
        work.unmet(f"It gave up after {always['tries']} tries, not 5.", "max_retries=4")
    if "ArchiveClosed" not in always["result"]:
        work.unmet("In the end the task should fail with the archive's error.", got=always)


def test_a_bug_is_not_tried_again(work):
    tries = work.seen["bug"]["tries"]
    if tries != 1:
        work.unmet(
            f"A bug is tried again, {tries} times: it does not go away by waiting.",
            "archive/tasks.py: except clerk.ArchiveClosed",
        )


def test_a_long_job_is_stopped(work):
    soft, hard = work.seen["limits"]
    if not soft:
        work.unmet("sort_papers has no soft limit.", "soft_time_limit=1")
    if not hard or hard <= soft:
        work.unmet("The hard limit comes after the soft one.", got=[soft, hard])
    if work.seen["stopped"] != 1 or work.seen["stubborn"] != 2:
        work.unmet("At the soft limit only a stubborn task goes on.", "sort_papers")


def test_the_pages_have_their_addresses(work):
    if set(work.seen["pages"].values()) != {202}:
        work.unmet("Some pages are not 202.", "config/urls.py", got=work.seen["pages"])
