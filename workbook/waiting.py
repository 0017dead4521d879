"""Waiting for a condition, with a limit: for tests, lessons and benchmarks."""

import asyncio
import time

PAUSE = 0.05  # seconds between two looks


class _Wait:
    """How long is left; TimeoutError, naming the condition, when nothing is."""

    def __init__(self, within: float, what: str):
        self.within, self.what = within, what
        self.deadline = time.monotonic() + within

    def go_on(self, value):
        if time.monotonic() > self.deadline:
            raise TimeoutError(
                f"Waited {self.within:g} s in vain for {self.what}; "
                f"the last value was {value!r}."
            )


def wait_for(condition, within: float = 60, what: str = "the condition"):
    """Return the first true value of `condition()`; TimeoutError after so many seconds."""
    wait = _Wait(within, what)
    while not (value := condition()):
        wait.go_on(value)
        time.sleep(PAUSE)
    return value


async def until(condition, within: float = 60, what: str = "the condition"):
    """`wait_for` for a cell whose own async tasks must go on: `await until(...)`."""
    wait = _Wait(within, what)
    while not (value := condition()):
        wait.go_on(value)
        await asyncio.sleep(PAUSE)
    return value
