"""Waiting for a condition, with a limit."""

import asyncio
import time


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
