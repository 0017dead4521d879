"""Run one function of a check inside a learner's copy; the answer goes out as JSON.

    python -I inside.py FD < order.json

It is a process of its own, so whatever the learner's code does (end the program,
hang, print, replace a module) happens here and not in the judge. It is run by its
path and imports nothing of the workbook: the copy may have any module of any name.
"""

import difflib
import faulthandler
import importlib.util
import inspect
import json
import os
import sys
import traceback


class EveryApp(dict):
    """MIGRATION_MODULES that make the tables from the models: quicker than migrating."""

    def __contains__(self, app):
        return True

    def __getitem__(self, app):
        return None


def prepare(order):
    """Set Django up in the copy, with mail kept in memory and tables where asked for."""
    import django
    from django.conf import settings

    # daphne only brings its runserver, and takes a second to load.
    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "daphne"]
    # Passwords of a check's own users need not withstand a thief, for a third of a second.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if order["database"]:
        settings.MIGRATION_MODULES = EveryApp()
    if not order["redis"] and hasattr(settings, "CHANNEL_LAYERS"):
        memory = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
        settings.CHANNEL_LAYERS = {"default": memory}
    django.setup()
    if order["outbox"]:
        from django.test.utils import setup_test_environment

        setup_test_environment(debug=settings.DEBUG)
    if order["database"]:
        from django.core.management import call_command

        call_command("migrate", run_syncdb=True, verbosity=0)


def load(path):
    spec = importlib.util.spec_from_file_location("workbook_check", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def run(order):
    if order["django"]:
        prepare(order)
    if not order["function"]:
        return None
    function = getattr(load(order["check"]), order["function"])
    value = function(*order["args"], **order["kwargs"])
    if inspect.iscoroutine(value):
        import asyncio

        value = asyncio.run(value)
    return value


def describe(error, folder):
    """Say what went wrong and where in the copy, as plain values."""
    place = {"file": "", "line": 0, "code": ""}
    frames = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        frames.append(traceback.FrameSummary(error.filename, error.lineno or 0, ""))
    for frame in frames:
        path = os.path.realpath(frame.filename)
        if path.startswith(folder + os.sep) and os.path.isfile(path):
            place = {
                "file": os.path.relpath(path, folder),
                "line": frame.lineno,
                "code": (frame.line or "").strip(),
            }
    text = error.msg if isinstance(error, SyntaxError) else str(error)
    if isinstance(error, AttributeError) and error.name and error.obj is not None:
        near = difflib.get_close_matches(error.name, dir(error.obj), 1)
        text += f" (is it {near[0]}?)" if near else ""
    return {"type": type(error).__name__, "text": text[:600], **place}


def main():
    answer_fd = int(sys.argv[1])
    os.set_inheritable(answer_fd, False)
    order = json.load(sys.stdin)
    folder = os.path.realpath(order["folder"])
    faulthandler.dump_traceback_later(order["limit"], exit=False)  # says where it hangs
    if not order["alone"]:
        sys.path.insert(0, folder)
        os.chdir(folder)
    try:
        answer = {"value": run(order)}
        text = json.dumps(answer)
    except SystemExit as error:
        text = json.dumps({"exit": str(error.code)})
    except BaseException as error:
        text = json.dumps({"error": describe(error, folder)})
    with os.fdopen(answer_fd, "w") as pipe:
        pipe.write(text)
    sys.stdout.flush()
    os._exit(0)  # threads that a learner left running do not hold us up


if __name__ == "__main__":
    main()
