"""The students' API."""

import pytest

from students.models import Student
from students.school import SIZE, seed_school

pytestmark = pytest.mark.django_db


def test_the_school_is_seeded_once_and_the_same_every_time():
    assert seed_school() == SIZE
    first = list(Student.objects.values_list("name", "age"))
    assert seed_school() == 0
    Student.objects.all().delete()
    seed_school()
    assert list(Student.objects.values_list("name", "age")) == first
    assert ("Pedro", 14) in first


def test_students_are_listed_in_pages_youngest_first(client):
    seed_school()
    first = client.get("/api/students/").json()
    assert first["count"] == SIZE
    assert len(first["results"]) == 20
    ages = [student["age"] for student in first["results"]]
    assert ages == sorted(ages)


@pytest.mark.parametrize("page", ["999", "abc", "0", "-1"])
def test_a_page_that_is_not_there_is_a_404(client, page):
    answer = client.get(f"/api/students/?page={page}")
    assert answer.status_code == 404
    assert "Invalid page" in answer.json()["detail"]


def test_the_report_is_answered_with_an_id_and_an_address(client):
    answer = client.post("/api/students/by-age/")
    assert answer.status_code == 202
    task_id = answer.json()["task_id"]
    assert answer.json()["status_url"] == f"/api/tasks/{task_id}/"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({"min_age": 20, "max_age": 10}, "min_age is larger"),
        ({"min_age": "old"}, "valid integer"),
        ({"max_age": 151}, "less than or equal to 150"),
        ({"min_age": -1}, "greater than or equal to 0"),
        ([1], "Expected a dictionary"),
    ],
)
def test_senseless_ages_are_refused_with_the_reason(client, body, words):
    answer = client.post("/api/students/by-age/", body, content_type="application/json")
    assert answer.status_code == 400
    assert words in answer.content.decode()


@pytest.mark.parametrize(
    ("method", "address"),
    [
        ("get", "/api/students/by-age/"),
        ("post", "/api/students/"),
        ("delete", "/api/students/1/"),
    ],
)
def test_a_wrong_method_is_a_405(client, method, address):
    assert getattr(client, method)(address).status_code == 405
