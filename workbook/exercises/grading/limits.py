"""How much a learner's code may use: each process by itself, and all of them together."""

import contextlib
import functools
import os
import secrets
import shutil
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

MEMORY = 1536 * 1024**2  # bytes, all processes together
PROCESSES = 200  # and threads, together
EACH = {
    "RLIMIT_CPU": 60,  # seconds
    "RLIMIT_FSIZE": 64 * 1024**2,  # bytes a file
    "RLIMIT_AS": 4 * 1024**3,  # bytes of addresses
    "RLIMIT_CORE": 0,
}
CGROUPS = Path("/sys/fs/cgroup")
SYSTEMD = ["systemd-run", "--user", "--scope", "--quiet", "-p", "MemorySwapMax=0"]
SYSTEMD += ["-p", f"MemoryMax={MEMORY}", "-p", f"TasksMax={PROCESSES}", "--"]
JOIN = 'for group in $GROUPS_TO_JOIN; do echo $$ > "$group/cgroup.procs"; done; exec "$@"'


def of_each(walled: bool) -> dict[str, int]:
    """Return the limits of each process. Behind a wall its processes alone are counted."""
    kernel = tuple(int(part) for part in os.uname().release.split(".")[:2])
    counted = walled and kernel >= (5, 14)
    return EACH | ({"RLIMIT_NPROC": PROCESSES} if counted else {})


def parents() -> list[Path]:
    """Return the control groups in which we may make our own; [] when there are none."""
    if (CGROUPS / "cgroup.controllers").exists():  # version 2
        with contextlib.suppress(OSError):
            control = CGROUPS / "cgroup.subtree_control"
            if not {"memory", "pids"} <= set(control.read_text().split()):
                control.write_text("+memory +pids")
            return [CGROUPS] if os.access(CGROUPS, os.W_OK) else []
        return []
    found = []
    for line in Path("/proc/self/cgroup").read_text().splitlines():
        _, names, path = line.split(":", 2)
        if names in ("memory", "pids"):
            found.append(CGROUPS / names / path.strip("/"))
    return found if len(found) == 2 and all(os.access(p, os.W_OK) for p in found) else []


def fill(group: Path):
    """Write the limits of a new control group, of version 1 or 2."""
    wanted = {
        "memory.max": MEMORY,
        "memory.swap.max": 0,
        "memory.oom.group": 1,
        "memory.limit_in_bytes": MEMORY,
        "memory.memsw.limit_in_bytes": MEMORY,
        "pids.max": PROCESSES,
    }
    for name, value in wanted.items():
        with contextlib.suppress(OSError):  # without swap there is no limit of it
            if (group / name).exists():
                (group / name).write_text(str(value))


@contextlib.contextmanager
def together() -> Iterator[list[str]]:
    """Give the words before a command that limit it and all that it starts."""
    above = parents()
    if not above:
        yield SYSTEMD if has_systemd() else []
        return
    name = f"grade-{secrets.token_hex(6)}"
    groups = [parent / name for parent in above]
    try:
        for group in groups:
            group.mkdir()
            fill(group)
        join = JOIN.replace("$GROUPS_TO_JOIN", " ".join(map(str, groups)))
        yield ["sh", "-c", join, "sh"]
    finally:
        for group in groups:
            remove(group)


def remove(group: Path):
    """Remove a control group when its last process has gone."""
    for _ in range(100):
        with contextlib.suppress(FileNotFoundError):
            try:
                group.rmdir()
            except OSError:
                time.sleep(0.05)
                continue
        return


@functools.cache
def has_systemd() -> bool:
    """Whether systemd runs commands with limits for us."""
    if not shutil.which("systemd-run"):
        return False
    with contextlib.suppress(subprocess.TimeoutExpired):
        tried = subprocess.run(
            [*SYSTEMD, "true"], capture_output=True, timeout=10, check=False
        )
        return tried.returncode == 0
    return False


def lacking() -> str:
    """Return what is not limited on this machine, in a sentence; "" for nothing."""
    if parents() or has_systemd():
        return ""
    return (
        "Memory is limited for each process, not for all of a learner's together: "
        "there are no control groups that we may use, and no systemd of yours."
    )
