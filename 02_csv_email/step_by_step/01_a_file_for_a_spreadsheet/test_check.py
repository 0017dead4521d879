"""The students come as a CSV file, and the browser saves it."""

STUDENTS = [["Zeca", 11], ["Silva, Ana", 14], ['Lia "Li" Souza', 17]]


def download(students):
    """Inside the copy: ask for the file."""
    import csv
    import io

    from django.test import Client

    from students.models import Student

    Student.objects.bulk_create(Student(name=name, age=age) for name, age in students)
    answer = Client().get("/reports/students/", headers={"accept": "text/csv"})
    text = answer.getvalue().decode("utf-8-sig")
    return {
        "status": answer.status_code,
        "type": answer.headers.get("Content-Type", ""),
        "disposition": answer.headers.get("Content-Disposition", ""),
        "rows": list(csv.reader(io.StringIO(text)))[:20],
    }


def test_the_report_has_its_address(work):
    work.seen = work.call(download, STUDENTS, database=True)
    if work.seen["status"] == 404:
        work.unmet(
            "There is no page at /reports/students/ (with a slash at its end).",
            "config/urls.py, urlpatterns",
        )
    if work.seen["status"] != 200:
        work.unmet("The page fails.", wanted=200, got=work.seen["status"])


def test_each_student_is_a_row_of_two_cells(work):
    header, *rows = work.seen["rows"] or [[]]
    if header != ["name", "age"]:
        work.unmet("The first row does not name the columns.", got=header)
    if any(len(row) == 3 for row in rows):
        work.unmet(
            "A name with a comma became two cells.",
            "exports/views.py: csv.writer writes the rows",
        )
    wanted = [[name, str(age)] for name, age in STUDENTS]
    if rows != wanted:
        work.unmet("The rows are not the students by age.", wanted=wanted, got=rows)


def test_the_browser_saves_it(work):
    if not work.seen["type"].startswith("text/csv"):
        work.unmet("Nothing says that it is CSV.", "content_type", got=work.seen["type"])
    if not work.seen["disposition"].startswith("attachment"):
        work.unmet(
            "The browser shows the file and does not save it.",
            "exports/views.py, Content-Disposition",
            wanted='attachment; filename="students-by-age.csv"',
            got=work.seen["disposition"],
        )
