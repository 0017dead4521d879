"""Make .venv and install the locked packages of the groups asked for.

Run by make with whatever Python the machine has, so it must stay readable for
an old one: it has to be able to say that it is too old.

    python3 workbook/setup/bootstrap.py runtime [dev] [notebooks]
"""

import hashlib
import os
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


def fail(message):
    sys.stderr.write(message + "\n")
    sys.exit(1)


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
    if subprocess.run(command, stdout=subprocess.DEVNULL).returncode:
        shutil.rmtree(VENV, ignore_errors=True)
        fail("Could not make .venv. On Debian or Ubuntu: apt install python3-venv.")


def run_and_log(command):
    """Run a command; show its warnings and errors, and keep all of its words in LOG."""
    if not os.path.isdir(os.path.dirname(LOG)):
        os.makedirs(os.path.dirname(LOG))
    with open(LOG, "ab") as log:
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        for line in child.stdout:
            log.write(line)
            words = line.decode("utf-8", "replace").strip()
            if words.startswith(WORTH_SHOWING):
                print(words, flush=True)
        return child.wait() == 0


def with_uv(wishes):
    """Install with uv, when it is there; return whether it did."""
    uv = shutil.which("uv")
    if not uv:
        return False
    command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", PYTHON]
    if run_and_log(command + wishes):
        return True
    print("uv could not do it; trying pip ...", flush=True)
    return False


def with_pip(wishes):
    """Install with pip; return whether it did. uv makes a .venv without pip."""
    pip = [PYTHON, "-m", "pip", "--disable-pip-version-check"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if subprocess.run(pip + ["--version"], **quiet).returncode:
        subprocess.run([PYTHON, "-m", "ensurepip"], **quiet)
    return run_and_log(pip + ["install", "--quiet"] + wishes)


def give_up(group):
    """End with the reason. An environment without packages goes, so that another
    Python can be named the next time."""
    if not any(name.startswith(".installed-") for name in os.listdir(VENV)):
        shutil.rmtree(VENV, ignore_errors=True)
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
    if not (with_uv(wishes) or with_pip(wishes)):
        give_up(group)
    with open(stamp, "w") as file:
        file.write(wanted)


if __name__ == "__main__":
    check_python()
    try:
        make_venv()
        for name in sys.argv[1:]:
            install(name)
    except KeyboardInterrupt:
        fail("Interrupted. The same command again goes on from here.")
