"""The file goes out in pieces, and each row once."""

STUDENTS, MOST = 2500, 200  # how many there are; pieces at which we stop to look


def download(students, most):
    """Inside the copy: ask for the file, and look at its pieces."""
    import csv
    import io
    from itertools import islice

    from django.test import Client

    from students.models import Student

    Student.objects.bulk_create(
        Student(name=f"Ana {number}", age=14) for number in range(students)
    )
    answer = Client().get("/reports/students/", headers={"accept": "text/csv"})
    if answer.status_code != 200 or not answer.streaming:
        return {"status": answer.status_code, "streaming": False}
    pieces = list(islice(answer.streaming_content, most))
    text = b"".join(pieces).decode("utf-8-sig")
    rows = [tuple(row) for row in csv.reader(io.StringIO(text))]
    return {
        "status": 200,
        "streaming": True,
        "pieces": len(pieces),
        "rows": len(rows),
        "different": len(set(rows)),
        "disposition": answer.headers.get("Content-Disposition", ""),
    }


def test_the_answer_is_streamed(work):
    work.seen = work.call(download, STUDENTS, MOST, database=True)
    if work.seen["status"] != 200:
        work.unmet("The page fails.", wanted=200, got=work.seen["status"])
    if not work.seen["streaming"]:
        work.unmet(
            "The answer is not streamed: all of it is made before the first byte leaves.",
            "exports/views.py, StreamingHttpResponse",
        )


def test_the_file_comes_in_pieces(work):
    if work.seen["pieces"] == 1:
        work.unmet(
            "The file comes as one piece: it was whole in memory.",
            "exports/views.py: csv_pieces(...) itself, without list or join",
        )
    if work.seen["pieces"] == MOST:
        work.unmet(
            "The file never ends: the loop gets the first rows again and again.",
            "reports/csv_export.py, student_rows: .iterator(PIECE) goes on, "
            "a queryset begins anew",
        )


def test_each_row_comes_once(work):
    seen = work.seen
    if seen["rows"] > seen["different"]:
        work.unmet(
            "Some rows come more than once: a piece still has what the one before had.",
            "reports/csv_export.py: text.seek(0) and text.truncate()",
        )
    if seen["rows"] != STUDENTS + 1:
        work.unmet("Rows are missing.", wanted=STUDENTS + 1, got=seen["rows"])


def test_the_browser_still_saves_it(work):
    if not work.seen["disposition"].startswith("attachment"):
        work.unmet("Content-Disposition is lost.", "exports/views.py, headers")
