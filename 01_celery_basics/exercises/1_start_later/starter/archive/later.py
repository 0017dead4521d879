"""Send a slow job now, to be started later."""

from .tasks import fetch_marks  # noqa: F401


def fetch_marks_later(seconds, wait):
    """Send `fetch_marks(seconds)`; the worker starts it `wait` seconds from now.

    Returns the AsyncResult of the task that was sent.
    """
    # Your line goes here.
