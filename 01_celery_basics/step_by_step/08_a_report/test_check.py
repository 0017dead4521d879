"""The report has one line a student, the youngest first, however often it is written."""


def write(folder, *ages):
    """Inside the copy: two runs, and what is in the file after each."""
    from pathlib import Path

    from django.conf import settings

    from reports.age_report import write_report
    from students.models import Student

    Student.objects.all().delete()
    Student.objects.bulk_create(
        Student(name=name, age=age)
        for name, age in (("Zeca", 11), ("Pedro", 14), ("Ana", 14), ("Lia", 17))
    )
    path = Path(folder) / "new" / "report.txt"
    seen = {"counts": [], "texts": [], "data": str(settings.DATA_DIR)}
    for _ in range(2):
        seen["counts"].append(write_report(path, *ages))
        seen["texts"].append(path.read_text())
    return seen


ALL = "Zeca, 11\nAna, 14\nPedro, 14\nLia, 17\n"


def test_the_report_has_one_line_a_student(work):
    seen = work.seen = work.call(write, str(work.scratch), database=True)
    first = seen["texts"][0]
    if sorted(first.split("\n")) == sorted(ALL.split("\n")) and first != ALL:
        work.unmet(
            "The youngest do not come first.",
            "reports/age_report.py",
            wanted=ALL,
            got=first,
        )
    if first != ALL:
        work.unmet("The report reads differently.", wanted=ALL, got=first)


def test_a_second_run_changes_nothing(work):
    if work.seen["texts"][1] != ALL:
        work.unmet(
            "The second run wrote behind the first: the file grows for ever.",
            'reports/age_report.py: the mode of path.open is "w"',
        )


def test_it_counts_and_it_may_be_asked_for_some_ages(work):
    seen = work.call(write, f"{work.scratch}/some", 14, 17, database=True)
    if seen["texts"][0] != "Ana, 14\nPedro, 14\nLia, 17\n" or seen["counts"] != [3, 3]:
        work.unmet("With ages from 14 to 17 it should write and count three.", got=seen)


def test_the_settings_say_where_files_go(work):
    if work.seen["data"] != work.env["DATA_DIR"]:
        work.unmet("DATA_DIR does not follow the environment.", "config/settings.py")
