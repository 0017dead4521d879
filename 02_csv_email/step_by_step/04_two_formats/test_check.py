"""One address answers with JSON or CSV, by what the client asks for."""


def ask(questions):
    """Inside the copy: the answer to each (address, Accept)."""
    from django.test import Client

    from students.models import Student

    Student.objects.bulk_create([Student(name="Zeca", age=11), Student(name="Ana", age=14)])
    answers = []
    for query, accept in questions:
        answer = Client().get(f"/reports/students/{query}", headers={"accept": accept})
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        text = answer.getvalue().decode("utf-8-sig")[:500]
        answers.append([answer.status_code, kind, text])
    return answers


QUESTIONS = {
    "json": ("", "application/json"),
    "csv": ("", "text/csv"),
    "wins": ("?format=csv", "application/json"),
    "xml": ("?format=xml", "*/*"),
    "picture": ("", "image/png"),
}


def test_asked_for_json_it_answers_with_json(work):
    import json

    answers = work.call(ask, list(QUESTIONS.values()), database=True)
    work.seen = dict(zip(QUESTIONS, answers, strict=True))
    status, kind, text = work.seen["json"]
    if kind != "application/json":
        work.unmet("Asked for JSON, it answers with something else.", got=[status, kind])
    wanted = [{"name": "Zeca", "age": 11}, {"name": "Ana", "age": 14}]
    try:
        found = json.loads(text)
    except ValueError:
        found = text
    if found != wanted:
        work.unmet("The JSON is not the students.", wanted=wanted, got=found)


def test_asked_for_csv_it_answers_with_csv(work):
    status, kind, _ = work.seen["csv"]
    if [status, kind] != [200, "text/csv"]:
        work.unmet("Asked for CSV, it answers with something else.", got=[status, kind])


def test_the_address_wins(work):
    status, kind, _ = work.seen["wins"]
    if [status, kind] != [200, "text/csv"]:
        work.unmet(
            "?format=csv is not heard: the header wins over it.",
            "exports/views.py, request.GET",
            got=[status, kind],
        )


def test_anything_else_is_refused(work):
    for question in ("xml", "picture"):
        status, kind, text = work.seen[question]
        if kind == "text/csv" or "Zeca" in text:
            work.unmet(
                f"Asked for {question}, it answers with what nobody asked for.",
                "exports/views.py: 406 for any other name",
                got=[status, kind],
            )
        if status != 406:
            work.unmet(f"Asked for {question}: not right.", wanted=406, got=status)
