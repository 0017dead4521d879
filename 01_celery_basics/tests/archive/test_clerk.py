"""The clerk who has bad days, and how long to wait for it."""

import pytest

from archive import clerk


def test_the_archive_is_closed_twice_and_opens_at_the_third_try():
    for tries_before in (0, 1):
        with pytest.raises(clerk.ArchiveClosed, match=f"try {tries_before + 1}"):
            clerk.fetch_register(tries_before)
    assert clerk.fetch_register(2) == "The register came at try 3."


@pytest.mark.parametrize(
    ("tries_before", "longest"), [(0, 1), (1, 2), (2, 4), (3, 8), (9, 8)]
)
def test_the_wait_doubles_up_to_eight_seconds_and_differs_each_time(tries_before, longest):
    waits = {clerk.wait_before_retry(tries_before) for _ in range(50)}
    assert longest / 2 <= min(waits) < max(waits) <= longest
    assert len(waits) > 10
