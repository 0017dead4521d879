"""The bucket, with a clock of the test."""

from sockets.rate import Bucket


def test_a_bucket_gives_its_tokens_at_once_and_then_so_many_a_second():
    now = [100.0]
    bucket = Bucket(5, clock=lambda: now[0])
    assert [bucket.take() for _ in range(6)] == [True] * 5 + [False]
    now[0] += 0.4
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_a_bucket_never_holds_more_than_one_second_of_tokens():
    now = [100.0]
    bucket = Bucket(2, clock=lambda: now[0])
    now[0] += 3600
    assert [bucket.take() for _ in range(3)] == [True, True, False]


def test_a_socket_may_send_twenty_frames_at_once_as_the_readme_says(settings):
    bucket = Bucket(settings.CHAT_FRAMES_PER_SECOND, clock=lambda: 0.0)
    assert [bucket.take() for _ in range(21)] == [True] * 20 + [False]
