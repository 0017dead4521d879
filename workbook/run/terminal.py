"""The launcher's place in the terminal: Ctrl-C reaches it alone, and make exits 0.

Ctrl-C goes to the whole foreground group. Make is in it too, and a make that
was interrupted always exits with an error. So the launcher makes itself the
foreground group while it runs, as a shell does with its jobs.
"""

import contextlib
import os
import signal
import sys
from pathlib import Path

ENDINGS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def take():
    """Become the terminal's foreground group; return a function that gives it back."""
    if not sys.stdin.isatty() or os.tcgetpgrp(0) != os.getpgrp():
        return lambda: None
    before = os.getpgrp()
    if before == os.getpid():
        return lambda: None
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    signal.signal(
        signal.SIGTSTP, signal.SIG_IGN
    )  # the shell would wait for make, not for us
    os.setpgid(0, 0)
    os.tcsetpgrp(0, os.getpid())

    def give_back():
        with contextlib.suppress(OSError):  # the terminal may be gone
            os.tcsetpgrp(0, before)

    return give_back


def parent_wants_to_end(parent: int) -> bool:
    """Whether the process that started us is gone, or was told to end.

    Make passes on SIGTERM only. After SIGINT or SIGHUP to make alone it sits in
    its signal handler and waits for us; Linux shows that signal as blocked.
    """
    if os.getppid() != parent:
        return True
    try:
        status = Path(f"/proc/{parent}/status").read_text()
    except OSError:
        return False
    if not status.startswith("Name:\tmake\n"):
        return False
    blocked = next(line for line in status.splitlines() if line.startswith("SigBlk:"))
    mask = int(blocked.split()[1], 16)
    return any(mask >> (number - 1) & 1 for number in ENDINGS)
