"""A Celery worker that ends when whoever started it is gone, killed or not.

    python -m labs.pool_worker -A config worker …

Its standard input is a pipe. It closes with the process at the other end.
"""

import _thread
import os
import signal
import sys

from celery.__main__ import main


def end_with_the_pipe():
    """Wait for the end of standard input, then end this worker as Ctrl-C would."""
    os.read(0, 1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # Not a threading.Thread: gevent is about to patch that module.
    _thread.start_new_thread(end_with_the_pipe, ())
    sys.exit(main())
