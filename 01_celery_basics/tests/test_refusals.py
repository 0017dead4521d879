"""Bad requests get a clear answer, whatever the address."""

import pytest
from django.db import OperationalError

from config.logs import OneLineFormatter
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


@pytest.mark.parametrize("charset", ["idna", "undefined", "utf-16", "none-such"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", JSON])
def test_text_in_another_alphabet_than_utf_8_is_refused(client, kind, charset):
    part = (
        b'--x\r\nContent-Disposition: form-data; name="min_age"\r\n\r\n\xff..\r\n--x--\r\n'
    )
    answer = client.generic(
        "POST", "/api/students/by-age/", part, f"{kind}; charset={charset}"
    )
    assert answer.status_code == 400


BAD = {
    "host": {"HTTP_HOST": "another.example"},
    "fields": {"data": "&".join(f"f{n}=1" for n in range(1001))},
    "boundary": {"content_type": "multipart/form-data; boundary="},
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_in_production_a_bad_request_is_one_line_of_the_log(client, settings, caplog, bad):
    settings.DEBUG = False
    form = {"data": "a=1", "content_type": "application/x-www-form-urlencoded"}
    assert client.generic("POST", "/api/students/by-age/", **form | bad).status_code == 400
    lines = [OneLineFormatter().format(record) for record in caplog.records]
    assert lines
    assert not any("Traceback" in line or "\n" in line for line in lines)


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
