"""Sentences of a lesson that are checked."""

from workbook.waiting import wait_for


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
