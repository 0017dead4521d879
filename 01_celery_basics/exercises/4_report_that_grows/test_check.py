"""A report is always whole: while it is written, after a second run, after a failure."""

import random

FILE = "reports/age_report.py, write_lines"


def write_twice(first, second, third):
    """Inside the copy: write, write again and look meanwhile, then break off."""
    from django.conf import settings

    from reports.age_report import write_lines

    folder = settings.DATA_DIR / "reports"
    path = folder / "report.txt"
    seen = {"counts": [write_lines(iter(first), path)], "first": path.read_text()}
    meanwhile = []

    def looked_at(lines):
        for line in lines:
            meanwhile.append(path.read_text() if path.exists() else None)
            yield line * 500  # larger than any buffer
        meanwhile.append(path.read_text() if path.exists() else None)

    def breaks_off(lines):
        yield from lines
        raise OSError("the disk is full")

    seen["counts"].append(write_lines(looked_at(second), path))
    seen["second"] = path.read_text() == "".join(f"{line * 500}\n" for line in second)
    seen["has_first"] = first[0] in path.read_text().splitlines()
    seen["meanwhile"] = all(text == seen["first"] for text in meanwhile)
    write_lines(iter(first), path)
    try:
        write_lines(breaks_off(third), path)
        seen["broke"] = False
    except OSError:
        seen["broke"] = True
    return seen


def names():
    return [f"Student {random.randint(100, 999)}, {random.randint(11, 18)}" for _ in "abcd"]


def test_a_second_report_replaces_the_first(work):
    first, second, third = names(), names(), names()
    work.seen = seen = work.call(write_twice, first, second, third)
    work.seen["wanted"] = "".join(f"{line}\n" for line in first)
    if seen["first"] != work.seen["wanted"]:
        work.unmet("A first report is not right.", FILE, wanted=first, got=seen["first"])
    if seen["has_first"]:
        work.unmet("The second report still holds the first one.", FILE)
    if not seen["second"] or seen["counts"] != [4, 4]:
        work.unmet("The second report is not what was to be written.", FILE)


def test_whoever_reads_meanwhile_finds_a_whole_report(work):
    if not work.seen["meanwhile"]:
        work.unmet(
            "Somebody who opened the report during the second run found it empty, "
            "half-written or gone.",
            FILE,
        )


def test_a_run_that_breaks_off_leaves_the_old_report(work):
    if not work.seen["broke"]:
        work.unmet("An error while writing was swallowed: nobody will know.", FILE)
    work.seen["after"] = work.files("reports").get("report.txt", "no report at all")
    if work.seen["after"] != work.seen["wanted"]:
        work.unmet(
            "After a run that broke off the old report is not there as it was.",
            FILE,
            wanted=work.seen["wanted"],
            got=work.seen["after"],
        )


def test_nothing_is_left_beside_the_report(work):
    work.seen["files"] = list(work.files("reports"))
    if work.seen["files"] != ["report.txt"]:
        work.unmet(
            "Temporary files were left behind beside the report.",
            FILE,
            wanted=["report.txt"],
            got=work.seen["files"],
        )
