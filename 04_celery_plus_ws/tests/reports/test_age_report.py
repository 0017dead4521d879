"""The report as plain functions."""

import pytest

from reports.age_report import write_lines, write_report
from students.models import Student

pytestmark = pytest.mark.django_db


def test_the_report_has_one_line_a_student_youngest_first_then_by_name(tmp_path):
    for name, age in (("Rui", 15), ("Pedro", 14), ("Ana", 15)):
        Student.objects.create(name=name, age=age)
    path = tmp_path / "report.txt"

    assert write_report(path) == 3
    assert path.read_text() == "Pedro, 14\nAna, 15\nRui, 15\n"


def test_a_report_that_breaks_half_way_leaves_the_old_one_whole(tmp_path):
    path = tmp_path / "report.txt"
    write_lines(["old"], path)

    def lines():
        yield "new"
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        write_lines(lines(), path)
    assert path.read_text() == "old\n"
    assert [file.name for file in tmp_path.iterdir()] == ["report.txt"]
