"""A call begins with its packages loaded: in a fork of the room, not in a new Python.

Nothing of a copy is loaded here and no settings are read, so a fork knows no more than
a new process would. It keeps none of the room's files.
"""

import contextlib
import ctypes
import importlib
import importlib.util
import os
import signal
import sys
import time

INSIDE = os.path.join(os.path.dirname(os.path.abspath(__file__)), "inside.py")
DUMPABLE = (4, 1)  # of prctl(2): as a process usually is; the room itself is not
ANSWER = 3  # the number of the file that the answer goes to
PAUSE = 0.01  # seconds between two looks at a call that runs
# Packages that every call loads, whatever it calls, and that ask for no settings.
ALWAYS = """
celery celery.fixups.django celery.worker.worker django.core.management django.forms
django.core.wsgi django.contrib.staticfiles django.db.models django.test environ kombu
kombu.pools django.template.loader_tags django.views.debug django.views.generic
"""
# And those that only some load: for a room whose packages serve many copies.
OFTEN = """
celery.app.control celery.app.amqp celery.backends.cache celery.backends.redis
channels.generic.websocket channels.layers channels.routing channels.testing
channels_redis.pubsub corsheaders.middleware django.contrib.auth.hashers
django.contrib.messages.middleware django.contrib.sessions.middleware
django.core.management.commands.migrate django.db.backends.sqlite3.base
django.test.runner kombu.transport.memory kombu.transport.redis multiprocessing.pool
psycopg redis.asyncio requests smtplib whitenoise.middleware
"""


def load(path):
    spec = importlib.util.spec_from_file_location("inside", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def load_packages(names=ALWAYS):
    for name in names.split():
        with contextlib.suppress(ImportError):  # not each stage has all of them
            importlib.import_module(name)


def shadows(folder):
    """Return the names in a copy that a package that is loaded here has, too."""
    names = {os.path.splitext(name)[0] for name in os.listdir(folder)}
    return names & {name for name in sys.modules if "." not in name}


def begin(order, files):
    """Begin a call, of inside.py or of the order's own `words`; return its process's id.

    `files`: what it is asked, what it prints, its errors, its answer.
    """
    if "words" not in order:
        load_packages()
    child = os.fork()
    if child == 0:
        try:
            become(order, files)
        finally:
            os._exit(70)
    return child


def become(order, files):
    """Be the process of a call: its files, folder and environment, and nothing else."""
    os.setsid()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(*DUMPABLE, 0, 0, 0)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    asked, out, err, answer = (file.fileno() for file in files)
    for number, file in enumerate((asked, out, err)):
        os.dup2(file, number)
    os.dup2(answer, ANSWER)
    os.closerange(ANSWER + 1, os.sysconf("SC_OPEN_MAX"))
    os.chdir(order["cwd"])
    words = [*order.get("words", [sys.executable, "-I", "-B", INSIDE]), str(ANSWER)]
    # Where a copy has a name of ours, its own must be found, as in its real life.
    if "words" in order or sys.platform != "linux" or shadows(order["folder"]):
        os.execve(words[0], words, order["env"])
    os.environ.clear()
    os.environ.update(order["env"])
    inside = sys.modules["__main__"] = load(INSIDE)
    sys.argv = words[-2:]
    inside.main()


def end(child, limit):
    """Wait for a call, and end what it left; return its status, None: it took too long.

    It is negative for a signal, as subprocess has it.
    """
    deadline = time.monotonic() + limit
    while not (found := os.waitpid(child, os.WNOHANG))[0] and time.monotonic() < deadline:
        time.sleep(PAUSE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)
    if not found[0]:
        os.waitpid(child, 0)
        return None
    return os.waitstatus_to_exitcode(found[1])
