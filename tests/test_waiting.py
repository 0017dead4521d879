"""The one way to wait: the first true value, or words that say what did not come."""

import pytest

from workbook.waiting import until, wait_for


def test_the_first_true_value_comes_back():
    values = iter([0, None, "here"])
    assert wait_for(lambda: next(values)) == "here"


def test_the_error_names_the_condition_and_the_last_value():
    with pytest.raises(TimeoutError, match=r"0\.1 s in vain for the report; .* was 7 - 7"):
        wait_for(Zero, 0.1, "the report")


async def test_the_same_for_a_coroutine():
    values = iter([False, 3])
    assert await until(lambda: next(values)) == 3
    with pytest.raises(TimeoutError, match="in vain for the end"):
        await until(lambda: False, 0.1, "the end")


class Zero:
    def __bool__(self):
        return False

    def __repr__(self):
        return "7 - 7"
