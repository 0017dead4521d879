"""The wall between a learner's code and the rest of the machine: bubblewrap.

Behind it there is nothing but Python, the packages, the check and the copy to be
checked, all read-only, and a small /tmp. No process, socket, address, variable or
file of ours can be seen, so none can be touched; and nobody there is root.
"""

import functools
import os
import shutil
import subprocess
import sys
from pathlib import Path

from workbook.exercises.checking.calls import INSIDE, ROOM
from workbook.stages import ROOT

SCRATCH = Path("/tmp")  # behind the wall
SIZES = {"/tmp": 256 * 1024**2, "/dev/shm": 64 * 1024**2}  # bytes; in memory
NOBODY = "65534"
SYSTEM = ("/bin", "/sbin", "/lib", "/lib32", "/lib64")
OF_THE_KERNEL = ("sys", "sysrq-trigger", "irq", "bus", "fs", "acpi", "scsi", "pressure")
ETC = ("ld.so.cache", "ld.so.conf", "ld.so.conf.d", "localtime", "mime.types")
OF_OUR_OWN = {
    "passwd": f"nobody:x:{NOBODY}:{NOBODY}:nobody:/tmp:/bin/false\n",
    "group": f"nogroup:x:{NOBODY}:\n",
    "hosts": "127.0.0.1 localhost\n",
}
ALONE = ["--unshare-user", "--unshare-all", "--disable-userns", "--die-with-parent"]
ALONE += ["--new-session", "--as-pid-1", "--cap-drop", "ALL"]
ALONE += ["--uid", NOBODY, "--gid", NOBODY, "--hostname", "room", "--clearenv"]
WAYS = (
    "`apt install bubblewrap` (0.8 or newer), the dev container, "
    "or GRADE_WITHOUT_WALL=1 at your own risk"
)


def words(scratch: Path, shown: list[Path]) -> list[str]:
    """Return the words before a command behind the wall, which sees the paths `shown`.

    `scratch` is a folder of ours: the wall's own little /etc is made there.
    """
    found = ["bwrap", *ALONE, "--setenv", "PATH", os.defpath, *_system(), *_etc(scratch)]
    for path, size in SIZES.items():
        found += ["--size", str(size), "--tmpfs", path]
    found += ["--tmpfs", str(ROOT)]  # the workbook may lie in a folder that is shown
    for path in [*_python(), *shown]:
        found += ["--ro-bind", str(path), str(path)]
    for path in (ROOT, "/dev", "/"):
        found += ["--remount-ro", str(path)]
    return [*found, "--chdir", str(SCRATCH), "--"]


def _system() -> list[str]:
    found = ["--ro-bind", "/usr", "/usr", "--proc", "/proc", "--dev", "/dev"]
    for name in OF_THE_KERNEL:  # root's, whom the kernel sees in us when root grades
        found += ["--ro-bind-try", f"/proc/{name}", f"/proc/{name}"]
    for path in map(Path, SYSTEM):
        if path.is_symlink():
            found += ["--symlink", os.readlink(path), str(path)]
        elif path.is_dir():
            found += ["--ro-bind", str(path), str(path)]
    return found


def _etc(scratch: Path) -> list[str]:
    found = []
    for name in ETC:
        found += ["--ro-bind-try", f"/etc/{name}", f"/etc/{name}"]
    (scratch / "etc").mkdir(exist_ok=True)
    for name, text in OF_OUR_OWN.items():
        (scratch / "etc" / name).write_text(text)
        found += ["--ro-bind", str(scratch / "etc" / name), f"/etc/{name}"]
    return found


def _python() -> list[Path]:
    """Return where Python, its packages and the room's own programs are."""
    base = Path(sys.base_prefix)
    found = {base, base.resolve(), Path(sys._base_executable).resolve().parent.parent}
    outside = sorted(path for path in found if not path.is_relative_to("/usr"))
    names = ("forks.py", "letterbox.py", "looks.py", "try_tests.py")
    others = [ROOM.with_name(name) for name in names]
    return [*outside, Path(sys.prefix), ROOM, INSIDE, *others]


@functools.cache
def reason_against() -> str:
    """Return why there is no wall on this machine; "" when there is one."""
    if sys.platform != "linux" or not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    tried = subprocess.run(
        ["bwrap", *ALONE, *_system(), "true"],
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    said = tried.stderr.strip().splitlines()
    return "" if tried.returncode == 0 else (said[-1] if said else "the kernel refuses")
