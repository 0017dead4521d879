"""A report is always whole: while it is written, after a second run, after a failure."""

import random

FILE = "reports/age_report.py, write_lines"


def place():
    from django.conf import settings

    return settings.DATA_DIR / "reports" / "report.txt"


def one_after_the_other(first, second):
    """Inside the copy: write, write again, then break off."""
    from reports.age_report import write_lines

    path = place()
    seen = {"counts": [write_lines(iter(first), path)], "first": read(path)}
    seen["counts"].append(write_lines(iter(second), path))
    seen["second"] = read(path)

    def breaks_off():
        yield from first
        raise OSError("the disk is full")

    try:
        write_lines(breaks_off(), path)
        seen["broke"] = False
    except OSError:
        seen["broke"] = True
    return seen


def read(path):
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return "no report at all"


def text_of(lines):
    return "".join(f"{line}\n" for line in lines)


def while_somebody_reads(old, new):
    """Inside the copy: one process writes again and again, and another one reads."""
    import multiprocessing

    from reports.age_report import write_lines

    path = place()
    write_lines(iter(old), path)
    whole = {text_of(old), text_of(new)}
    fork = multiprocessing.get_context("fork")
    mine, theirs = fork.Pipe()
    writer = fork.Process(target=write_and_look, args=(theirs, path, old, new))
    writer.start()
    reads = bad = 0
    while not mine.poll():
        reads += 1
        bad += read(path) not in whole
    seen = mine.recv() | {"reads": reads, "bad": bad}
    writer.join()
    return seen


def write_and_look(pipe, path, old, new):
    """Write both reports in turn; look at the report before every step with a file."""
    import errno
    import os
    import sys

    from reports.age_report import write_lines

    whole, looking, between = {text_of(old), text_of(new)}, [], []

    def step(event, args):
        if not looking and event.startswith(("open", "os.", "shutil.")):
            looking.append(event)
            between.append(read(path) in whole)
            looking.clear()

    def other_disk(honest):
        def move(source, target, **more):
            if os.path.dirname(os.fspath(source)) != os.path.dirname(os.fspath(target)):
                raise OSError(errno.EXDEV, "another folder may be on another disk")
            return honest(source, target, **more)

        return move

    os.rename, os.replace = other_disk(os.rename), other_disk(os.replace)
    sys.addaudithook(step)
    error = ""
    try:
        for lines in [new, old] * 8:
            write_lines(iter(lines), path)
    except Exception as caught:
        error = f"{type(caught).__name__}: {caught}"
    pipe.send({"between": between.count(False), "error": error})


def two_writers(first, second):
    """Inside the copy: in the middle of one run another process makes a whole one."""
    import multiprocessing

    from reports.age_report import write_lines

    path = place()
    path.parent.mkdir(parents=True, exist_ok=True)
    fork = multiprocessing.get_context("fork")
    other = fork.Process(target=write_lines, args=(iter(second), path))

    def lines():
        yield from first[:2]
        other.start()
        other.join(2)  # whoever waits for us with a lock goes on later
        yield from first[2:]

    try:
        count, error = write_lines(lines(), path), ""
    except Exception as caught:
        count, error = 0, f"{type(caught).__name__}: {caught}"
    other.join()
    return {"count": count, "error": error, "other": other.exitcode, "text": read(path)}


def names(count=4):
    found = [f"Student {random.randint(100, 999)}" for _ in range(count)]
    return [f"{name} João, {random.randint(11, 18)}" for name in found]


def test_a_second_report_replaces_the_first(work):
    first, second = names(), names(3)
    work.seen = seen = work.call(one_after_the_other, first, second)
    work.seen["wanted"] = text_of(second)
    work.seen["files"] = work.files("reports")
    if seen["first"] != text_of(first):
        work.unmet("A first report is not right.", FILE, wanted=first, got=seen["first"])
    if first[0] in seen["second"].splitlines():
        work.unmet("The second report still holds the first one.", FILE)
    if seen["second"] != text_of(second) or seen["counts"] != [4, 3]:
        work.unmet("The second report is not what was to be written.", FILE)


def test_whoever_reads_meanwhile_finds_a_whole_report(work):
    old, new = [[f"{line} {'x' * 300}" for line in names(4000)] for _ in "ab"]
    seen = work.call(while_somebody_reads, old, new, limit=20)
    if seen["error"]:
        work.unmet("A run failed while others read the report.", FILE, got=seen["error"])
    if seen["between"] or seen["bad"]:
        work.unmet(
            "Somebody who opened the report during a run found it empty, half-written "
            f"or gone ({seen['bad']} of {seen['reads']} times).",
            f"{FILE}: a temporary file beside the report, and then?",
        )


def test_two_runs_at_the_same_time_do_not_mix(work):
    first, second = names(4), names(5)
    seen = work.call(two_writers, first, second)
    whole = seen["text"] in (text_of(first), text_of(second))
    if seen["error"] or seen["other"] or seen["count"] != 4 or not whole:
        work.unmet(
            "Two workers wrote a report at the same time, and it did not end well.",
            f"{FILE}: two runs, two temporary files",
            got=seen["error"] or seen["text"],
        )


def test_a_run_that_breaks_off_leaves_the_old_report(work):
    if not work.seen["broke"]:
        work.unmet("An error while writing was swallowed: nobody will know.", FILE)
    after = work.seen["files"].get("report.txt", "no report at all")
    if after != work.seen["wanted"]:
        work.unmet(
            "After a run that broke off the old report is not there as it was.",
            FILE,
            wanted=work.seen["wanted"],
            got=after,
        )


def test_nothing_is_left_beside_the_report(work):
    if list(work.seen["files"]) != ["report.txt"]:
        work.unmet(
            "Temporary files were left behind beside the report.",
            FILE,
            wanted=["report.txt"],
            got=list(work.seen["files"]),
        )
