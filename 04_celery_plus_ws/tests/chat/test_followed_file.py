"""Reading a file that grows, is cut, is exchanged, is missing."""

import pytest

from follow import followed_file
from follow.followed_file import FollowedFile


@pytest.fixture
def path(tmp_path):
    return tmp_path / "bell.log"


def append(path, data: bytes):
    with path.open("ab") as file:
        file.write(data)


def test_only_what_was_added_is_read(path):
    followed = FollowedFile(path)
    assert followed.read_new() == ("", False)  # it does not exist yet
    append(path, b"one\n")
    assert followed.read_new() == ("one\n", True)
    assert followed.read_new() == ("", False)
    append(path, b"two\n")
    assert followed.read_new() == ("two\n", False)


def test_a_file_that_was_cut_or_exchanged_is_read_from_its_start(path):
    followed = FollowedFile(path)
    append(path, b"a long line\n")
    followed.read_new()
    path.write_bytes(b"cut\n")
    assert followed.read_new() == ("cut\n", True)
    path.rename(path.with_suffix(".old"))
    assert followed.read_new() == ("", False)
    path.write_bytes(b"a file in its place\n")
    assert followed.read_new() == ("a file in its place\n", True)


def test_a_sign_cut_in_two_is_read_whole(path):
    followed = FollowedFile(path)
    append(path, "é".encode()[:1])
    assert followed.read_new() == ("", False)
    append(path, "é".encode()[1:])
    assert followed.read_new() == ("é", True)


def test_bytes_that_are_no_text_do_no_harm(path):
    followed = FollowedFile(path)
    append(path, b"\xff\xfe ok\n")
    assert followed.read_new() == ("\ufffd\ufffd ok\n", True)


def test_of_a_large_file_only_the_end_is_read(path, monkeypatch):
    monkeypatch.setattr(followed_file, "MOST", 10)
    followed = FollowedFile(path)
    append(path, b"x" * 90 + b"0123456789")
    assert followed.read_new() == ("0123456789", True)
    append(path, b"y" * 50 + b"abcdefghij")
    assert followed.read_new() == ("abcdefghij", True)
