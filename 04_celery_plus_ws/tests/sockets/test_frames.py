"""Which frames are good."""

import pytest

from chat.frames import check_message
from sockets.frames import MAX_BYTES, BadFrame, read_object


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (None, "binary"),
        ("", "not JSON"),
        ("hello", "not JSON"),
        ("NaN", "not JSON"),
        ('{"message": Infinity}', "not JSON"),
        ("[" * 4000, "not JSON"),
        ("[1]", "a JSON object"),
        ("null", "a JSON object"),
        ('{"message": "' + "x" * MAX_BYTES + '"}', "at most 4096 bytes"),
        ('{"message": "' + "é" * 2048 + '"}', "at most 4096 bytes"),
    ],
)
def test_a_frame_that_is_no_small_json_object_is_refused(frame, reason):
    with pytest.raises(BadFrame, match=reason):
        read_object(frame)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", 'no "message"'),
        ('{"message": 5}', "must be text"),
        ('{"message": null}', "must be text"),
        ('{"message": " "}', "empty"),
        (r'{"message": "\ud800"}', "cannot be stored"),
        (r'{"message": "\u0000"}', "cannot be stored"),
    ],
)
def test_a_message_is_text_that_can_be_stored(text, reason):
    with pytest.raises(BadFrame, match=reason):
        check_message(read_object(text))


def test_a_frame_of_exactly_the_limit_is_good():
    text = '{"message": "' + "x" * (MAX_BYTES - 15) + '"}'
    assert len(text) == MAX_BYTES
    check_message(read_object(text))


def test_a_sign_outside_the_basic_plane_is_good():
    check_message(read_object(r'{"message": "\ud83d\ude00 😀"}'))
