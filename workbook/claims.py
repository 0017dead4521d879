"""Sentences of a lesson that are checked, and waiting with a limit."""

import asyncio
import time


def claim(sentence: str, condition):
    """Print the sentence, and fail with it unless `condition` is true."""
    assert condition, f"Not so: {sentence}"
    print("✔", sentence)


def claim_soon(sentence: str, condition, within: float = 60):
    """A claim that may need a moment: `condition()` becomes true `within` seconds."""
    try:
        value = wait_for(condition, within)
    except TimeoutError:
        value = None
    claim(sentence, value)


def wait_for(condition, within: float = 60, what: str = "the condition"):
    """Return the first true value of `condition()`; TimeoutError after so many seconds."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {within:g} s in vain for {what}.")
        time.sleep(0.05)
    return value


async def until(condition, within: float = 60, what: str = "the condition"):
    """`wait_for` for a cell whose own async tasks must go on: `await until(...)`."""
    deadline = time.monotonic() + within
    while not (value := condition()):
        if time.monotonic() > deadline:
            raise TimeoutError(f"Waited {within:g} s in vain for {what}.")
        await asyncio.sleep(0.05)
    return value
