"""The report's addresses, and the three functions that make its mail."""

import csv
import io
from email import message_from_bytes

import pytest
from django.core import mail

from exports import letter, tasks
from outbox.models import Letter
from queueing.sending import BrokerDown
from reports.csv_export import csv_pieces, student_rows
from students.models import Student

pytestmark = pytest.mark.django_db
CSV_PAGE = "/reports/students/?format=csv"


@pytest.fixture(autouse=True)
def quick_mail(settings):
    settings.MAIL_PAUSE = 0


@pytest.fixture
def pedro():
    return Student.objects.create(name="Pedro", age=14)


@pytest.mark.parametrize(
    ("query", "accept", "kind"),
    [
        ("", "*/*", "application/json"),
        ("", "text/html,application/xhtml+xml,*/*;q=0.8", "application/json"),
        ("", "text/csv", "text/csv; charset=utf-8"),
        ("", "text/csv; charset=utf-8", "text/csv; charset=utf-8"),
        ("", "application/json;q=0.5, text/csv", "text/csv; charset=utf-8"),
        ("?format=csv", "application/json", "text/csv; charset=utf-8"),
        ("?format=JSON", "text/csv", "application/json"),
    ],
)
def test_the_client_says_which_format_it_wants(client, pedro, query, accept, kind):
    answer = client.get(f"/reports/students/{query}", headers={"accept": accept})
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert "Accept" in answer.headers["Vary"]
    assert b"Pedro" in answer.getvalue()


@pytest.mark.parametrize(
    ("query", "accept"), [("?format=xml", "*/*"), ("?format=", "*/*"), ("", "image/png")]
)
def test_any_other_format_is_refused_with_the_two_it_knows(client, query, accept):
    answer = client.get(f"/reports/students/{query}", headers={"accept": accept})
    assert answer.status_code == 406
    assert answer.json()["formats"] == ["json", "csv"]


def test_a_browser_saves_the_csv_under_its_name(client, pedro):
    answer = client.get(CSV_PAGE)
    wanted = 'attachment; filename="students-by-age.csv"'
    assert answer.headers["Content-Disposition"] == wanted
    assert answer.getvalue().decode("utf-8-sig") == '"name","age"\r\n"Pedro","14"\r\n'


def test_the_answer_is_streamed_and_not_collected(client):
    assert client.get(CSV_PAGE).streaming


@pytest.mark.django_db(transaction=True)
async def test_an_asgi_server_gets_an_asynchronous_stream(async_client):
    await Student.objects.acreate(name="Pedro", age=14)
    answer = await async_client.get(CSV_PAGE)
    assert answer.is_async
    assert b"".join([piece async for piece in answer]).endswith(b'"Pedro","14"\r\n')


# --- asking for the mail ------------------------------------------------------------


def ask(client, data, **options):
    return client.post("/reports/students/email/", data, **options)


def ask_json(client, data):
    return ask(client, data, content_type="application/json")


def test_the_form_leads_to_a_page_that_says_it_is_on_its_way(client):
    answer = ask(client, {"email": "ana@example.com"})
    assert answer.status_code == 303
    letter = Letter.objects.get()
    assert letter.address == "ana@example.com"
    page = client.get(answer.headers["Location"])
    assert "on its way" in page.content.decode()


def test_a_json_client_gets_the_tasks_id(client):
    answer = ask_json(client, {"email": "ana@example.com"})
    assert answer.status_code == 202
    task_id = answer.json()["task_id"]
    assert answer.json()["status_url"] == f"/api/tasks/{task_id}/"


def test_a_form_may_ask_for_a_json_answer(client):
    accept = {"accept": "application/json"}
    assert ask(client, {"email": "ana@example.com"}, headers=accept).status_code == 202


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ana",
        "ana@",
        "ana@example.com\nBcc: eve@example.com",
        "ana@example.com\r\n",
        "ana@example.com,eve@example.com",
        "ana@example.com\0",
        f"{'a' * 300}@example.com",
    ],
)
def test_a_bad_address_is_an_error_in_the_form_and_in_json(client, address):
    page = ask(client, {"email": address})
    assert page.status_code == 400
    assert "errorlist" in page.content.decode()
    answer = ask_json(client, {"email": address})
    assert answer.status_code == 400
    assert answer.json()["errors"]["email"]
    assert not Letter.objects.exists()


@pytest.mark.parametrize(
    "body", ["", "{", "[]", "null", "[" * 9000, '{"email": 5}', '{"email": []}']
)
def test_json_that_is_no_address_is_400(client, body):
    assert ask_json(client, body).status_code == 400


@pytest.mark.django_db(transaction=True)  # or nothing is committed, and nothing sent
def test_a_stopped_broker_keeps_the_form_and_leaves_no_letter(client, monkeypatch):
    def down(*args, **options):
        raise BrokerDown("stopped")

    monkeypatch.setattr("outbox.posting.send", down)
    page = ask(client, {"email": "ana@example.com"})
    assert page.status_code == 503
    assert "ana@example.com" in page.content.decode()
    assert ask_json(client, {"email": "ana@example.com"}).status_code == 503
    assert not Letter.objects.exists()


# --- the three functions, and the task around them ----------------------------------


def test_the_csv_is_built_into_a_file(pedro):
    file = io.BytesIO()
    assert letter.build_csv(file) == len(file.getvalue())
    assert file.getvalue() == b"".join(csv_pieces(student_rows()))


def test_a_report_too_large_for_a_mail_says_so(pedro):
    with pytest.raises(letter.TooLarge, match="download it"):
        letter.build_csv(io.BytesIO(), limit=10)


def test_the_mail_has_the_file_attached_as_it_is():
    report = '"name","age"\r\n"Ana\nLima","14"\r\n'.encode("utf-8-sig")
    message = letter.compose("ana@example.com", report)
    assert message.to == ["ana@example.com"]
    sent = message_from_bytes(message.message().as_bytes(linesep="\r\n"))
    text, file = sent.get_payload()
    assert "attached" in text.get_payload()
    assert file.get_filename() == "students-by-age.csv"
    assert file.get_content_type() == "text/csv"
    assert file.get_payload(decode=True) == report


def test_the_task_mails_the_report(pedro):
    row = Letter.objects.create(address="ana@example.com")
    assert tasks.email_student_report(str(row.pk)) == "sent"

    (message,) = mail.outbox
    file = message.attachments[0].get_payload(decode=True).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(file))) == [["name", "age"], ["Pedro", "14"]]


def test_a_failed_letter_says_so_on_its_page(client, pedro, monkeypatch):
    monkeypatch.setattr(letter.build_csv, "__defaults__", (10,))
    row = Letter.objects.create(address="ana@example.com")
    with pytest.raises(letter.TooLarge):
        tasks.email_student_report(str(row.pk))
    page = client.get(f"/reports/students/email/{row.pk}/").content.decode()
    assert "was not sent" in page
    assert "Please download it instead." in page
