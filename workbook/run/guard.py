"""Run one command and stop it when standard input closes.

    python guard.py GRACE COMMAND...

The pipe that feeds standard input belongs to whoever started the guard. When
that process ends, in whatever way (kill -9 included), the pipe closes and the
guard stops its command. So nothing is left behind. The byte "s" asks for the
same stop; the byte "!" means: do not wait, end it now.

The stop itself: SIGTERM to the main process only, because Celery's main process
lets its children finish their task; after GRACE seconds, or when the main
process is gone, the rest of its group.
"""

import os
import select
import signal
import subprocess
import sys
import time


def end_group(child):
    """End what is left of the command's group: SIGTERM, two seconds, SIGKILL."""
    for ending, patience in ((signal.SIGTERM, 2.0), (signal.SIGKILL, 1.0)):
        number = ending
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            try:
                child.poll()  # a dead child that nobody asked about still counts
                os.killpg(child.pid, number)
            except (ProcessLookupError, PermissionError):
                return
            number = 0  # sent once; from here on only ask whether anybody is left
            time.sleep(0.05)


def next_word(seconds):
    """Wait for a byte on standard input: return it, b"" at the end, None for nothing."""
    readable, _, _ = select.select([0], [], [], seconds)
    return os.read(0, 1) if readable else None


def wait_for_end(child, grace):
    """Return when the command has ended, `grace` seconds are over or "!" is read."""
    deadline = time.monotonic() + grace
    while child.poll() is None and time.monotonic() < deadline:
        word = next_word(0.05)
        if word == b"!":
            return
        if word == b"":  # closed for good: select would not wait any more
            time.sleep(0.05)


def main(grace, command):
    """Return the exit status of the command; 128 + the signal that ended it."""
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, start_new_session=True)
    asked = []
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: asked.append(b"s"))
    while child.poll() is None and not asked:
        word = next_word(0.1)
        if word is not None:
            asked.append(word)
    if child.poll() is None and b"!" not in asked:
        child.terminate()
        os.killpg(child.pid, signal.SIGCONT)  # a frozen process hears nothing else
        wait_for_end(child, grace)
    end_group(child)
    status = child.wait()
    return 128 - status if status < 0 else status


if __name__ == "__main__":
    sys.exit(main(float(sys.argv[1]), sys.argv[2:]))
