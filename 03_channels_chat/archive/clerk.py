"""The clerk of the school's old archive, who has bad days. Plain functions, no Celery."""

import random
import time

WAIT = 1  # seconds before the second try; doubled for each one after it
LONGEST_WAIT = 8  # seconds


class ArchiveClosed(Exception):
    """Nobody opened. It is worth trying again later."""


def fetch_register(tries_before: int, closed_times: int = 2) -> str:
    """Return the archive's register; ArchiveClosed on the first `closed_times` tries."""
    if tries_before < closed_times:
        raise ArchiveClosed(f"try {tries_before + 1}: nobody opened")
    return f"The register came at try {tries_before + 1}."


def wait_before_retry(tries_before: int) -> float:
    """Return the seconds to wait before the next try: 1, 2, 4, at most 8, less a part.

    The part is random, up to a half. A hundred tasks that failed together do not
    come back together then.
    """
    longest = min(LONGEST_WAIT, WAIT * 2**tries_before)
    return random.uniform(longest / 2, longest)


def sort_papers(seconds: float) -> str:
    """Sort the archive's papers for `seconds`, in short steps; return a sentence."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(0.05)
    return f"Sorted for {seconds:g} s."
