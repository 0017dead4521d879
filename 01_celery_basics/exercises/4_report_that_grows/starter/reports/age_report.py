"""The school report as plain functions: no Celery, no HTTP in here."""

from collections.abc import Iterable
from pathlib import Path

from students.models import Student

FILE_NAME = "students-by-age.txt"


def students_by_age(min_age: int, max_age: int):
    """Return the students of these ages, in years, youngest first, then by name."""
    return Student.objects.filter(age__range=(min_age, max_age)).order_by(
        "age", "name", "id"
    )


def write_lines(lines: Iterable[str], path: Path) -> int:
    """Write `lines` to `path`; return how many."""
    path.parent.mkdir(parents=True, exist_ok=True)
    count = 0
    with path.open("a", encoding="utf-8", newline="\n") as file:
        for line in lines:
            file.write(f"{line}\n")
            count += 1
    return count


def write_report(path: Path, min_age: int = 0, max_age: int = 150) -> int:
    """Write one line a student, `Pedro, 14`, to `path`; return how many."""
    students = students_by_age(min_age, max_age).values_list("name", "age")
    lines = (f"{' '.join(name.split())}, {age}" for name, age in students.iterator())
    return write_lines(lines, path)
