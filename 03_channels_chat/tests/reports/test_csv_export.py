"""The CSV and JSON pieces as plain functions."""

import csv
import io
import json

import pytest

from reports.csv_export import PIECE, csv_pieces, json_pieces, plain_text, student_rows
from students.models import Student


def cells(pieces):
    """The file as a spreadsheet reads it: rows of cells."""
    text = b"".join(pieces).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline="")))


def test_the_file_begins_with_the_mark_by_which_a_spreadsheet_knows_utf_8():
    file = b"".join(csv_pieces([("João", 14)]))
    assert file == b'\xef\xbb\xbf"name","age"\r\n"Jo\xc3\xa3o","14"\r\n'


@pytest.mark.parametrize(
    "name", ["Silva, Ana", 'Ana "Nina" Lima', "Ana\nLima", "Ana 🎓", "Ana; Lima", ""]
)
def test_a_name_comes_out_as_it_went_in(name):
    assert cells(csv_pieces([(name, 14)])) == [["name", "age"], [name, "14"]]


@pytest.mark.parametrize("start", list("=+-@\t\r\n\0＝＋－＠"))  # noqa: RUF001
def test_a_name_that_a_spreadsheet_would_run_gets_an_apostrophe(start):
    name = f'{start}HYPERLINK("http://evil.example")'
    assert cells(csv_pieces([(name, 14)]))[1] == [f"'{name}", "14"]


@pytest.mark.parametrize("separator", [";", "\t", ","])
def test_wherever_a_spreadsheet_parts_the_cells_a_name_stays_one(separator):
    name = f"Ana{separator}=1+1"
    text = b"".join(csv_pieces([(name, 14)])).decode("utf-8-sig")
    row = next(csv.reader(text.splitlines()[1:], delimiter=separator))
    assert row[0].startswith(name)


def test_a_sign_inside_a_name_stays():
    assert plain_text("Ana-Maria") == "Ana-Maria"


def test_an_empty_school_is_a_header_in_csv_and_an_empty_list_in_json():
    assert cells(csv_pieces([])) == [["name", "age"]]
    assert json.loads(b"".join(json_pieces([]))) == []


@pytest.mark.parametrize("size", [1, PIECE, PIECE + 1])
def test_the_pieces_of_json_are_one_list(size):
    rows = [(f"Zoë {number}", 14) for number in range(size)]
    students = json.loads(b"".join(json_pieces(iter(rows))))
    assert students == [{"name": name, "age": age} for name, age in rows]


def test_a_piece_is_made_when_it_is_asked_for():
    asked = []
    rows = ((asked.append(number) or "Ana", 14) for number in range(10 * PIECE))
    pieces = csv_pieces(rows)
    next(pieces)  # the header
    next(pieces)
    assert len(asked) == PIECE


@pytest.mark.django_db
def test_the_students_come_youngest_first_then_by_name():
    for name, age in (("Rui", 15), ("Pedro", 14), ("Ana", 15)):
        Student.objects.create(name=name, age=age)
    assert list(student_rows()) == [("Pedro", 14), ("Ana", 15), ("Rui", 15)]
