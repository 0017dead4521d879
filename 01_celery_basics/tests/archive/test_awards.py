"""A task that may run twice, beside one that must not."""

import pytest
from django.db import IntegrityError, transaction

from certificates import awards, tasks
from certificates.models import Certificate
from students.models import Student

pytestmark = pytest.mark.django_db


@pytest.fixture
def pedro():
    return Student.objects.create(name="Pedro", age=14)


def test_awarding_twice_gives_one_certificate(pedro):
    assert [tasks.award_certificate(pedro.id) for _ in range(2)] == [True, False]
    assert awards.counts(pedro.id)["certificates"] == 1


def test_printing_twice_gives_two_sheets(pedro):
    assert [tasks.print_certificate(pedro.id) for _ in range(2)] == [1, 2]
    assert awards.counts(pedro.id)["printouts"] == 2


def test_it_is_the_database_that_refuses_a_second_certificate(pedro):
    Certificate.objects.create(student=pedro)
    with pytest.raises(IntegrityError), transaction.atomic():
        Certificate.objects.create(student=pedro)


def test_a_student_without_certificate_comes_first_and_any_student_in_the_end(pedro):
    zeca = Student.objects.create(name="Zeca", age=15)
    awards.award(pedro.id)
    assert awards.next_student() == zeca
    awards.award(zeca.id)
    assert awards.next_student() == pedro


def test_both_tasks_are_sent_twice_for_one_student(client, pedro):
    answer = client.post("/certificates/twice/")
    assert answer.status_code == 202
    assert answer.json()["student"] == pedro.id
    assert len({task["task_id"] for task in answer.json()["tasks"]}) == 4


def test_an_empty_school_is_told_how_to_get_students(client):
    answer = client.post("/certificates/twice/")
    assert answer.status_code == 404
    assert "seed_school" in answer.json()["detail"]


@pytest.mark.parametrize("number", ["0", "9" * 25])
def test_an_unknown_student_has_no_counts(client, number):
    assert client.get(f"/certificates/{number}/").status_code == 404
