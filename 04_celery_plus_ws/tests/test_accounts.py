"""Log in, log out, and who may."""

import pytest
from django.contrib.auth import get_user_model
from django.core.management import call_command

from accounts.classroom import seed_users

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def quick_passwords(settings):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def log_in(client, password="classroom"):
    return client.post("/accounts/login/", {"username": "ana", "password": password})


def test_the_classroom_has_two_students_and_a_teacher_of_the_staff():
    assert seed_users() == 3
    assert seed_users() == 0
    staff = {user.username: user.is_staff for user in get_user_model().objects.all()}
    assert staff == {"ana": False, "bruno": False, "teacher": True}


def test_without_debug_no_user_with_a_known_password_is_added(settings, capsys):
    settings.DEBUG = False
    call_command("seed_users")
    assert "no classroom users" in capsys.readouterr().out
    assert not get_user_model().objects.exists()


def test_the_log_in_page_names_the_users_with_debug_on_only(client, settings):
    settings.DEBUG = True
    assert "<code>classroom</code>" in client.get("/accounts/login/").content.decode()
    settings.DEBUG = False
    assert "<code>classroom</code>" not in client.get("/accounts/login/").content.decode()


def test_a_user_logs_in_and_out_and_lands_on_the_front_page(client):
    seed_users()
    answer = log_in(client)
    assert (answer.status_code, answer.url) == (302, "/")
    assert client.session["_auth_user_id"]
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer.url) == (302, "/")
    assert "_auth_user_id" not in client.session


def test_one_click_logs_a_user_of_the_classroom_in_with_debug_on_only(client, settings):
    seed_users()
    ana, stranger = {"as": "ana", "next": "/chat/"}, {"as": "eve"}
    settings.DEBUG = False
    assert client.post("/accounts/one-click/", ana).status_code == 404
    settings.DEBUG = True
    get_user_model().objects.create(username="eve")
    assert client.post("/accounts/one-click/", stranger).status_code == 404
    assert "_auth_user_id" not in client.session
    answer = client.post("/accounts/one-click/", ana)
    assert (answer.status_code, answer.url) == (302, "/chat/")
    assert client.session["_auth_user_id"]
    ana["next"] = "https://evil.example/"
    assert client.post("/accounts/one-click/", ana).url == "/"


def test_a_wrong_password_is_answered_in_words(client):
    seed_users()
    answer = log_in(client, password="wrong")
    assert answer.status_code == 200
    assert "do not belong together" in answer.content.decode()
    assert 'value="ana"' in answer.content.decode()
