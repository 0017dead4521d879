"""Imports between a stage's apps point one way."""

import ast

import pytest

from workbook.stages import FOLDERS, ROOT, files

# Which of a stage's packages none of these may import.
APART = {
    "students": {"reports"},
    "jobs": {"chat"},
    "chat": {"jobs"},
    "sockets": {"chat", "jobs"},
}


def packages_of(number: int) -> set[str]:
    return {path.split("/")[0] for path in files(number) if path.endswith("/__init__.py")}


def imports_of(number: int, package: str) -> set[str]:
    """Return the packages of the stage that `package` imports, tests left aside."""
    found = set()
    for path in files(number):
        if path.startswith(f"{package}/") and path.endswith(".py"):
            tree = ast.parse((ROOT / FOLDERS[number] / path).read_text())
            for node in ast.walk(tree):
                if isinstance(node, ast.ImportFrom) and not node.level:
                    found.add(node.module.split(".")[0])
                elif isinstance(node, ast.Import):
                    found |= {name.name.split(".")[0] for name in node.names}
    return found & packages_of(number)


@pytest.mark.parametrize("number", FOLDERS)
def test_no_app_imports_the_project(number):
    apps = packages_of(number) - {"config", "exercises", "tests"}
    assert len(apps) >= 8
    assert [app for app in sorted(apps) if "config" in imports_of(number, app)] == []


@pytest.mark.parametrize("number", FOLDERS)
def test_apps_that_should_not_know_of_each_other_do_not(number):
    for app in packages_of(number) & APART.keys():
        assert not imports_of(number, app) & APART[app], app
