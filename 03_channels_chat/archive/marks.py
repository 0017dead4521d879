"""A slow job, as plain functions."""

import time


def fetch_marks(seconds: float) -> str:
    """Ask the school's old archive for the marks; it takes `seconds` to answer.

    The wait stands for any slow thing outside our process: another server, a
    printer, a mail provider. Returns a sentence.
    """
    time.sleep(seconds)
    return f"The archive answered after {seconds:g} s."
