"""What is read back from the CSV is what was in the school."""

import csv
import io
import random

FILE = "reports/csv_export.py, csv_pieces"


def export(rows):
    """Inside the copy: return the pieces, and how many rows were read before each."""
    from reports.csv_export import csv_pieces

    read = []

    def school():
        for row in rows:
            read.append(row)
            yield tuple(row)

    pieces, read_before = [], []
    for piece in csv_pieces(school()):
        pieces.append(piece.decode("utf-8"))
        read_before.append(len(read))
    return {"pieces": pieces, "read_before": read_before}


def test_names_with_commas_quotes_and_newlines_stay_whole(work):
    number = random.randint(100, 999)
    names = [f"Silva, Ana {number}", 'Rui "Ruca" Dias', "Two\nlines", "João Müller 学"]
    names += ["O'Neil", "Ana = Bia", "'quoted'", " with spaces ", "a;b"]
    names += [f"Pupil {random.random()}" for _ in range(5)]
    rows = [[name, random.randint(11, 18)] for name in names]
    text = "".join(work.call(export, rows)["pieces"])
    back = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))
    if text.count("\ufeff") + back[1:].count(["name", "age"]) > 1:
        work.unmet("The header and rows come more than once.", FILE, got=back[1])
    for row, (name, age) in zip(back[1:], rows, strict=False):
        if row != [name, str(age)]:
            work.unmet(
                "Some names fall apart when the file is read.",
                FILE,
                wanted=[name, str(age)],
                got=row,
            )
    if len(back) != len(rows) + 1:
        work.unmet(
            "Not every student has one row.", FILE, wanted=len(rows), got=len(back) - 1
        )
    if not text.startswith("\ufeff"):
        work.unmet(
            "Without BYTE_ORDER_MARK a spreadsheet does not see that it is UTF-8.", FILE
        )


def test_no_name_is_run_as_a_formula(work):
    signs = "=+-@\t"
    names = [f"{sign}{random.randint(1, 9)}+{random.randint(1, 99)}" for sign in signs]
    names += [f"{sign * 2}SUM(A1)" for sign in signs]
    text = "".join(work.call(export, [[name, 14] for name in names])["pieces"])
    back = list(csv.reader(io.StringIO(text.lstrip("\ufeff"), newline="")))[1:]
    for row, name in zip(back, names, strict=True):
        if row[0][:1] in signs:
            work.unmet("A name is run as a formula by a spreadsheet.", FILE, got=row[0])
        if not row[0].endswith(name):
            work.unmet(
                "A name has lost something: it may get a sign before it, no more.",
                FILE,
                wanted=f"'{name}",
                got=row[0],
            )


def test_a_name_is_one_cell_where_semicolons_part_them(work):
    number = random.randint(1, 9)
    rows = [[f"Ana;={number}+1", 14]]
    text = "".join(work.call(export, rows)["pieces"])
    if f'"Ana;={number}+1"' not in text:
        work.unmet(
            "A spreadsheet that parts cells at semicolons makes two of a name.",
            FILE,
            wanted=f'"Ana;={number}+1"',
            got=text.splitlines()[-1],
        )


def test_a_large_school_comes_in_pieces(work):
    rows = [[f"Pupil {number}", 14] for number in range(5000)]
    seen = work.call(export, rows)
    text = "".join(seen["pieces"])
    if len(list(csv.reader(io.StringIO(text)))) != 5001:
        work.unmet("Of 5000 students some are missing or come more than once.", FILE)
    if seen["read_before"][1] >= 5000:
        work.unmet("The whole school was read before the first rows came out.", FILE)
