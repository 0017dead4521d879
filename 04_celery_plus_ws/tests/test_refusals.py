"""Bad requests get a clear answer, whatever the address."""

import pytest
from django.db import OperationalError

from queueing.sending import BrokerDown

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_a_body_over_the_limit_is_refused_with_the_limit(client, settings):
    limit = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
    answer = client.post("/api/students/by-age/", "x" * (limit + 1), content_type=JSON)
    assert answer.status_code == 413
    assert str(limit) in answer.json()["detail"]


def test_a_body_of_exactly_the_limit_is_read(client, settings):
    body = '{"min_age": 0}'.ljust(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    assert client.post("/api/students/by-age/", body, content_type=JSON).status_code == 202


def test_a_body_in_chunks_is_asked_for_its_length(client):
    answer = client.post(
        "/api/students/by-age/", "x", JSON, headers={"Transfer-Encoding": "chunked"}
    )
    assert answer.status_code == 411
    assert "Content-Length" in answer.json()["detail"]


@pytest.mark.parametrize("length", ["-1", "ten", "9" * 5000])
def test_a_senseless_length_is_refused(client, length):
    answer = client.post(
        "/api/students/by-age/", "x", content_type=JSON, CONTENT_LENGTH=length
    )
    assert answer.status_code == 400


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_forgotten_slash_is_shown_the_way_with_the_same_method(client, method):
    answer = getattr(client, method)("/api/students/by-age?x=1")
    assert answer.status_code == 308
    assert answer["Location"] == "/api/students/by-age/?x=1"


def test_an_unknown_address_of_the_api_is_told_in_json(client):
    answer = client.get("/api/nothing/here/")
    assert answer.status_code == 404
    assert "GET /api/" in answer.json()["detail"]


def test_an_unknown_student_keeps_its_own_answer(client):
    assert "Student" in client.get("/api/students/999/").json()["detail"]


@pytest.mark.parametrize(
    ("error", "words"),
    [(BrokerDown("refused"), "task queue"), (OperationalError("gone"), "database")],
)
def test_a_server_that_is_down_is_a_503_that_names_it(client, monkeypatch, error, words):
    def fail(*args, **kwargs):
        raise error

    monkeypatch.setattr("reports.views.send", fail)
    answer = client.post("/api/students/by-age/")
    assert answer.status_code == 503
    assert words in answer.json()["detail"]
    assert answer["Retry-After"] == "5"


def test_an_error_of_our_own_is_not_hidden(client, monkeypatch):
    def fail(*args, **kwargs):
        raise KeyError("age")

    monkeypatch.setattr("reports.views.send", fail)
    with pytest.raises(KeyError):
        client.post("/api/students/by-age/")
