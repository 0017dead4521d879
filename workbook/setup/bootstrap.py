"""Make .venv and install the locked packages of the groups asked for.

Run by make with whatever Python the machine has, so it must stay readable for
an old one: it has to be able to say that it is too old.

    python3 workbook/setup/bootstrap.py runtime [dev] [notebooks]
"""

import errno
import hashlib
import os
import re
import shutil
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
LOG = os.path.join(ROOT, "var", "install.log")
OLDEST = (3, 11)
NEWEST = (3, 15)  # that all tests have run with
WORTH_SHOWING = ("ERROR", "error", "WARNING", "warning", "\u00d7")
LITTLE = 20 * 1000 * 1000  # bytes free on a disk that counts as full
READ_ONLY = (errno.EROFS, errno.EACCES, errno.EPERM)
FULL = (errno.ENOSPC, errno.EDQUOT)
NO_SPACE = "No space left|Disk quota exceeded"
NO_NETWORK = (
    "connection broken|Failed to fetch|error sending request|client error|dns error"
    "|name resolution|ProxyError|Network is unreachable|timed out"
)


def fail(message):
    sys.stderr.write(message + "\n")
    sys.exit(1)


def cannot_write(place):
    return (
        "%s cannot be written: run the workbook in a folder of your own, "
        "for example a copy of it in your home." % place
    )


def disk_is_full(place):
    return "The disk of %s is full: make room, then the same command again." % place


def remedy(error):
    """Return what to do about an OSError, in a line; None when it is of another kind."""
    if error.errno in READ_ONLY:
        return cannot_write(error.filename or ROOT)
    if error.errno in FULL or re.search(NO_SPACE, str(error)):
        return disk_is_full(error.filename or ROOT)
    return None


def remedy_of(words):
    """Return the same for a program that failed with these words."""
    if not os.access(ROOT, os.W_OK):
        return cannot_write(ROOT)
    disks = [path for path in (ROOT, VENV) if os.path.exists(path)]
    free = min(shutil.disk_usage(path).free for path in disks)
    if re.search(NO_SPACE, words) or free < LITTLE:
        return disk_is_full(ROOT)
    if re.search(NO_NETWORK, words):
        return (
            "No network: the package index cannot be reached. Connect, or name your "
            "proxy (HTTPS_PROXY), then the same command again. All of it: var/install.log."
        )
    return None


def check_python():
    if sys.version_info < OLDEST:
        fail(
            "This workbook needs Python %d.%d or newer; %s is %d.%d. "
            "Name a newer one: make PYTHON=python3.12 ..."
            % (OLDEST + (sys.executable,) + tuple(sys.version_info[:2]))
        )


def make_venv():
    if os.path.exists(PYTHON):
        return
    # What is left of one whose Python has gone would only look installed.
    shutil.rmtree(VENV, ignore_errors=True)
    print("Making .venv (once; it stays inside this folder) ...", flush=True)
    uv = shutil.which("uv")
    if uv:
        command = [
            uv,
            "venv",
            "--quiet",
            "--allow-existing",
            "--python",
            sys.executable,
            VENV,
        ]
    else:
        command = [sys.executable, "-m", "venv", VENV]
    done, words = run_and_log(command)
    if not done:
        known = remedy_of(words)  # while a disk that it has filled is full
        shutil.rmtree(VENV, ignore_errors=True)
        usual = "Could not make .venv. On Debian or Ubuntu: apt install python3-venv."
        fail(known or usual)


def run_and_log(command):
    """Run a command and add its words to LOG; return whether it did it, and the words."""
    child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    said = child.communicate()[0]
    try:
        if not os.path.isdir(os.path.dirname(LOG)):
            os.makedirs(os.path.dirname(LOG))
        with open(LOG, "ab") as log:
            log.write(said)
    except OSError:
        pass  # a full disk is told by who reads the words
    return child.returncode == 0, said.decode("utf-8", "replace")


def with_uv(wishes):
    """Install with uv, when it is there; return whether it did, and its words."""
    uv = shutil.which("uv")
    if not uv:
        return False, ""
    command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    done, words = run_and_log(command + wishes)
    if not done and not re.search(NO_SPACE, words):
        print("uv could not do it; trying pip ...", flush=True)
    return done, words


def with_pip(wishes):
    """Install with pip; return the same. uv makes a .venv without pip."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.run(pip + ["--version"], **quiet).returncode:
        subprocess.run([PYTHON, "-m", "ensurepip"], **quiet)
    return run_and_log(pip + ["install", "--quiet"] + wishes)


def give_up(group, words):
    """End with the reason. An environment without packages goes, so that another
    Python can be named the next time."""
    known = remedy_of(words)
    if not any(name.startswith(".installed-") for name in os.listdir(VENV)):
        shutil.rmtree(VENV, ignore_errors=True)
    if known:
        fail(known)
    for line in words.splitlines():
        if line.strip().startswith(WORTH_SHOWING):
            print(line.strip(), flush=True)
    reason = "Could not install requirements/%s.txt: the lines above say why, " % group
    reason += "and var/install.log says all."
    if sys.version_info[:2] > NEWEST:
        reason += (
            " Python %d.%d is newer than the packages expect. "
            "Name an older one: make PYTHON=python%d.%d ..."
            % (tuple(sys.version_info[:2]) + NEWEST)
        )
    fail(reason)


def install(group):
    """Install one group's lock file, unless just this file was installed before."""
    lock = os.path.join(ROOT, "requirements", group + ".txt")
    stamp = os.path.join(VENV, ".installed-" + group)
    with open(lock, "rb") as file:
        wanted = hashlib.sha256(file.read()).hexdigest()
    if os.path.exists(stamp):
        with open(stamp) as file:
            if file.read() == wanted:
                return
    print("Installing the %s packages (once) ..." % group, flush=True)
    wishes = ["--require-hashes", "-r", lock]
    done, words = with_uv(wishes)
    if not done and not re.search(NO_SPACE, words):
        done, words = with_pip(wishes)
    if not done:
        give_up(group, words)
    with open(stamp, "w") as file:
        file.write(wanted)


if __name__ == "__main__":
    check_python()
    try:
        make_venv()
        for name in sys.argv[1:]:
            install(name)
    except OSError as error:
        known = remedy(error)
        if known is None:
            raise
        fail(known)
    except KeyboardInterrupt:
        fail("Interrupted. The same command again goes on from here.")
