"""Run a learner's tests with other code. Called inside a copy; imports no workbook."""

import json
import os
import shutil
import signal
import sys
import tempfile

PATIENCE = 15  # seconds for one run of the tests
LEFT_OUT = shutil.ignore_patterns("__pycache__", "var", "my_work")


def try_all(tests, changes, until):
    """Run `tests` once with each change of the copy; return what came of each.

    {"misfit": the change does not fit, "ran": how many tests, "passed": whether all
    did, "said": the last line of the first failure}. It stops where `passed` is
    `until`. Each run is a fork of this process, in which Django is ready, with empty
    tables, and neither the tests nor the code that changes are loaded.
    """
    found = []
    with tempfile.TemporaryDirectory() as scratch:
        folder = os.path.join(scratch, "copy")
        shutil.copytree(os.getcwd(), folder, ignore=LEFT_OUT)
        runner = prepare(folder)
        for change in changes:
            found.append(try_one(runner, folder, tests, change))
            if found[-1].get("passed", until) == until:
                break
    return found


def prepare(folder):
    """Set Django up in `folder`, with the tables of a test; return its test runner."""
    sys.path[0] = folder
    os.chdir(folder)
    import django
    from django.conf import settings
    from django.test.runner import DiscoverRunner

    settings.INSTALLED_APPS = [app for app in settings.INSTALLED_APPS if app != "daphne"]
    settings.MIGRATION_MODULES = {
        name.rpartition(".")[2]: None for name in settings.INSTALLED_APPS
    }
    if hasattr(settings, "CHANNEL_LAYERS"):
        memory = {"BACKEND": "channels.layers.InMemoryChannelLayer"}
        settings.CHANNEL_LAYERS = {"default": memory}
    django.setup()
    runner = DiscoverRunner(verbosity=0, interactive=False)
    runner.setup_test_environment()
    runner.setup_databases()
    return runner


def try_one(runner, folder, tests, change):
    if not change:
        return tested(runner, tests)
    module = change["file"].removesuffix(".py").replace("/", ".")
    if module in sys.modules:
        raise RuntimeError(f"{module} is loaded already: its change would not be seen.")
    path = os.path.join(folder, change["file"])
    with open(path, encoding="utf-8") as file:
        text = file.read()
    if text.count(change["find"]) != 1:
        return {"misfit": True}
    try:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace(change["find"], change["replace"]))
        return tested(runner, tests)
    finally:
        with open(path, "w", encoding="utf-8") as file:
            file.write(text)


def tested(runner, tests):
    with tempfile.TemporaryDirectory() as scratch:
        answer = os.path.join(scratch, "answer.json")
        child = os.fork()
        if child == 0:
            run(runner, tests, answer)
        os.waitpid(child, 0)
        seen = {"misfit": False, "ran": 0, "passed": False, "said": "The run broke off."}
        if os.path.exists(answer):
            with open(answer, encoding="utf-8") as file:
                seen |= json.load(file)
        return seen


def run(runner, tests, answer):
    """In the child: run the tests; write what came of it, and end."""
    signal.alarm(PATIENCE)
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        seen = run_tests(runner, tests)
    except BaseException as error:
        seen = {"said": f"{type(error).__name__}: {error}"[:300]}
    finally:
        with open(f"{answer}.new", "w", encoding="utf-8") as file:
            json.dump(seen, file)
        os.replace(f"{answer}.new", answer)
        os._exit(0)


def run_tests(runner, tests):
    result = runner.run_suite(runner.build_suite([tests]))
    bad = [text for _, text in result.errors + result.failures]
    lines = [line for line in bad[0].splitlines() if line.strip()] if bad else []
    return {
        "ran": result.testsRun,
        "passed": result.testsRun > 0 and result.wasSuccessful(),
        "said": lines[-1][:300] if lines else "",
    }
