"""Judge a stranger's work: on a copy, with limits, and behind a wall where there is one.

    echo TOKEN | python -m workbook.exercises.grading.seal open|sealed SCRATCH CHECK FOLDER

Sealed, it must be started in namespaces of its own (sandbox.py): there is no network
but the loopback, no process of others to be seen, and nothing can be written but
SCRATCH. What the learner's code leaves running ends with the first process.
"""

import contextlib
import ctypes
import fcntl
import os
import resource
import shutil
import signal
import socket
import stat
import struct
import sys
from pathlib import Path

from workbook.exercises.checking import judge

MOST_FILES = 2_000
MOST_BYTES = 20 * 1024**2  # of a learner's folder
SCRATCH_SIZE = "256m"
LIMITS = {
    resource.RLIMIT_CPU: 60,  # seconds a process
    resource.RLIMIT_FSIZE: 64 * 1024**2,  # bytes a file
    resource.RLIMIT_AS: 4 * 1024**3,  # bytes of memory a process
    resource.RLIMIT_NPROC: 400,  # processes and threads of the user (not of root)
    resource.RLIMIT_CORE: 0,
}
LEFT_OUT = {"var", "__pycache__", ".git", ".venv", "node_modules"}
AT_FDCWD, AT_RECURSIVE, RDONLY, MOUNT_SETATTR = -100, 0x8000, 1, 442
SUBREAPER = 36


class TooMuch(Exception):
    """The folder is too large to be somebody's exercise."""


def take_copy(source: Path, target: Path):
    """Copy the plain files of `source`; links and pipes are left out."""
    count = size = 0
    for folder, folders, files in os.walk(source):
        folders[:] = [name for name in folders if name not in LEFT_OUT]
        there = target / Path(folder).relative_to(source)
        there.mkdir(parents=True, exist_ok=True)
        for name in files:
            file = Path(folder, name)
            found = file.lstat()
            if not stat.S_ISREG(found.st_mode):
                continue
            count, size = count + 1, size + found.st_size
            if count > MOST_FILES or size > MOST_BYTES:
                raise TooMuch(f"over {MOST_FILES} files or {MOST_BYTES // 1024**2} MB")
            shutil.copyfile(file, there / name)


def build_wall(scratch: Path):
    """Make everything read-only but `scratch`, and the loopback address work."""
    libc = ctypes.CDLL(None, use_errno=True)
    read_only = struct.pack("QQQQ", RDONLY, 0, 0, 0)
    words = (AT_FDCWD, b"/", AT_RECURSIVE, read_only, len(read_only))
    if libc.syscall(MOUNT_SETATTR, *words) != 0:
        raise OSError(ctypes.get_errno(), "nothing could be made read-only")
    options = f"size={SCRATCH_SIZE}".encode()
    if libc.mount(b"tmpfs", str(scratch).encode(), b"tmpfs", 0, options) != 0:
        raise OSError(ctypes.get_errno(), "no scratch folder could be made")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        up = struct.pack("16sh14x", b"lo", 0x1 | 0x40)  # IFF_UP | IFF_RUNNING
        fcntl.ioctl(probe, 0x8914, up)  # SIOCSIFFLAGS


def set_limits():
    for what, wanted in LIMITS.items():
        hard = resource.getrlimit(what)[1]
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))


def end_orphans():
    """End what the learner's code left running: without a wall it would go on."""
    for _ in range(50):
        children = Path(f"/proc/self/task/{os.getpid()}/children")
        ids = children.read_text().split() if children.exists() else []
        if not ids:
            return
        for number in ids:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(int(number), signal.SIGKILL)
            with contextlib.suppress(ChildProcessError):
                os.waitpid(int(number), 0)


def main(way: str, scratch: Path, check: Path, folder: Path) -> int:
    if way == "sealed":
        build_wall(scratch)
    elif sys.platform == "linux":  # orphans become our children
        ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    os.environ["TMPDIR"] = str(scratch)
    set_limits()

    def verdict() -> dict:
        try:
            take_copy(folder, scratch / "work")
        except (TooMuch, OSError) as error:
            return judge.refusal(f"The folder cannot be copied: {error}.")
        return judge.judge(check, scratch / "work")

    try:
        return judge.announce(verdict)
    finally:
        if way == "open":
            end_orphans()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(Path, sys.argv[2:5])))
