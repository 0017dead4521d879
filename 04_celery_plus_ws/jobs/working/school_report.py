"""The school report as a plain function: it knows no jobs, no Celery and no sockets."""

import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from reports.csv_export import BYTE_ORDER_MARK, csv_writer, plain_text
from students.models import Student

BATCH = 2_000  # students read at a time
HEADER = ("row", "name", "age")


class EmptySchool(Exception):
    """There is no student to write about."""


# What ends a cell in some countries' spreadsheets, and what ends a row.
BREAKS = str.maketrans({";": ",", "\t": " ", "\r": " ", "\n": " "})


def rows_of_the_school(wanted: int) -> Iterator[tuple[int, str, int]]:
    """Yield `wanted` rows, (number, name, age); after the last student the first again.

    Each batch is a query of its own that begins behind the last id seen. One long
    query would stay open while we report, and SQLite lets nobody write to the
    database on top of a read that has become old.
    """
    number = last_id = 0
    while number < wanted:
        students = Student.objects.filter(id__gt=last_id).order_by("id")
        batch = list(students.values_list("id", "name", "age")[:BATCH])
        if not batch and not last_id:
            raise EmptySchool("The school has no students.")
        for _, name, age in batch[: wanted - number]:
            number += 1
            yield number, name, age
        last_id = batch[-1][0] if batch else 0


def harmless(name: str) -> str:
    """Return `name` so that a spreadsheet that parts cells at ; or tab runs nothing of it.

    Quotes alone do not help here: for such a spreadsheet the name is no cell of its own,
    and a line break in it begins a row.
    """
    return plain_text(name.translate(BREAKS))


def write_school_report(
    path: Path, rows: int, pause_ms: int, report: Callable[[int], None]
):
    """Write `rows` rows as CSV to `path`, all or nothing.

    Calls `report(rows written)` after every row. The file is written beside `path`
    and renamed at the end; whatever interrupts it, no half file stays behind.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    try:
        with part.open("w", encoding="utf-8", newline="") as file:
            file.write(BYTE_ORDER_MARK)
            writer = csv_writer(file)
            writer.writerow(HEADER)
            for number, name, age in rows_of_the_school(rows):
                writer.writerow((number, harmless(name), age))
                if pause_ms:
                    time.sleep(pause_ms / 1000)
                report(number)
        os.replace(part, path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
