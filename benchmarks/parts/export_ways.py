"""One export in a process of its own.

    python -m benchmarks.parts.export_ways WAY DATABASE FILE

It prints its seconds, those of the processor's work (cpu), and by how many MB its memory
grew, as JSON.
"""

import csv
import json
import os
import sqlite3
import sys
import time
from pathlib import Path

from benchmarks.parts.memory import peak

STAGE = Path(__file__).resolve().parents[2] / "02_csv_email"


def set_up_django(database: str):
    """Make stage 2 importable, reading `database`."""
    import django

    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{database}",
        "DATA_DIR": str(Path(database).parent),
        "DJANGO_DEBUG": "0",  # with debug on, Django remembers every query
        "DJANGO_SECRET_KEY": "a benchmark has no secrets",
    }
    sys.path.insert(0, str(STAGE))
    django.setup()


def naive(file):
    """What one writes first: all objects, one text. A comma in a name breaks it."""
    from students.models import Student

    text = "name,age\r\n"
    text += "".join(f"{one.name},{one.age}\r\n" for one in Student.objects.all())
    file.write(text.encode())


def ours(file):
    """The stage's own, whole: quoted, formulas neutralised, piece by piece."""
    from reports.csv_export import csv_pieces, student_rows

    for piece in csv_pieces(student_rows()):
        file.write(piece)


def limit(file, database):
    """The least one can do in Python: the driver's cursor straight into csv.writer."""
    import io

    rows = sqlite3.connect(database).execute(
        "SELECT name, age FROM students_student ORDER BY age, name, id"
    )
    text = io.TextIOWrapper(file, encoding="utf-8", newline="")
    writer = csv.writer(text)
    writer.writerow(("name", "age"))
    writer.writerows(rows)
    text.detach()


def main(way: str, database: str, path: str):
    if way != "limit":
        set_up_django(database)
        from django.db import connection

        from reports import csv_export  # noqa: F401 - its import is not the export

        connection.ensure_connection()
    before = peak()
    with open(path, "wb") as file:
        started, worked = time.perf_counter(), time.process_time()
        if way == "limit":
            limit(file, database)
        else:
            {"naive": naive, "ours": ours}[way](file)
        seconds, cpu = time.perf_counter() - started, time.process_time() - worked
    print(json.dumps({"seconds": seconds, "cpu": cpu, "megabytes": peak() - before}))


if __name__ == "__main__":
    main(*sys.argv[1:])
