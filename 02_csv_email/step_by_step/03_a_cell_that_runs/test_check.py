"""A spreadsheet shows the cells and runs none of them."""

FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"]
HARMLESS = ["João", "Ana", "Lia=1"]
SPLIT = "Ana;=1+1"


def download(names):
    """Inside the copy: the file as it comes."""
    from django.test import Client

    from students.models import Student

    Student.objects.bulk_create(Student(name=name, age=14) for name in names)
    answer = Client().get("/reports/students/", headers={"accept": "text/csv"})
    return answer.getvalue().decode()[:20000]


def test_the_file_says_that_it_is_utf_8(work):
    work.seen = work.call(download, [*FORMULAS, *HARMLESS, SPLIT], database=True)
    marks = work.seen.count("\ufeff")
    if not work.seen.startswith("\ufeff"):
        work.unmet(
            "Nothing says that the file is UTF-8: João may become JoÃ£o.",
            "reports/csv_export.py: text.write(BYTE_ORDER_MARK) before the header",
        )
    if marks > 1:
        work.unmet("The mark belongs at the beginning, once.", wanted=1, got=marks)


def test_no_cell_is_a_formula(work):
    import csv
    import io

    text = work.seen.removeprefix("\ufeff")
    cells = [row[0] for row in csv.reader(io.StringIO(text)) if row]
    for name in FORMULAS:
        if name in cells:
            work.unmet(
                f"The cell {name!r} is still a formula.",
                "reports/csv_export.py, FORMULA_STARTS and plain_text",
            )
        if f"'{name}" not in cells:
            work.unmet(f"The name {name!r} is lost.", wanted=f"'{name}", got=cells)
    for name in HARMLESS:
        if name not in cells:
            work.unmet("A harmless name got an apostrophe.", wanted=name, got=cells)


def test_every_cell_is_quoted(work):
    if f'"{SPLIT}",' not in work.seen:
        work.unmet(
            f"A spreadsheet that parts cells at semicolons makes two of {SPLIT}, and the "
            "second is a formula.",
            "reports/csv_export.py, quoting=csv.QUOTE_ALL",
        )
