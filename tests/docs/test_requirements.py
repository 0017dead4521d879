"""The locked lists: whole, hashed, and free of addresses."""

import re
import tomllib

import pytest

from workbook.stages import ROOT

LISTS = ("runtime", "dev", "notebooks")
PINNED = re.compile(r"^([\w.-]+)==\S+", re.MULTILINE)


def text_of(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def names(requirements) -> set[str]:
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in requirements}


@pytest.mark.parametrize("name", LISTS)
def test_everything_that_pyproject_asks_for_is_locked(name):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = names(project["project"]["dependencies"])
    wanted |= names(project["dependency-groups"].get(name, []))
    assert wanted <= names(PINNED.findall(text_of(name)))


@pytest.mark.parametrize("name", LISTS)
def test_every_locked_package_has_its_hashes(name):
    blocks = re.split(r"^(?=\w)", text_of(name), flags=re.MULTILINE)[1:]
    assert len(blocks) > 40
    assert [block for block in blocks if "--hash=sha256:" not in block] == []


@pytest.mark.parametrize("name", LISTS)
def test_no_list_names_an_index_or_any_address(name):
    assert not re.search(r"://|index-url|find-links|trusted-host", text_of(name))


def test_the_lists_agree_on_the_versions():
    versions = [
        dict(re.findall(r"^([\w.-]+)==(\S+ ?;?.*?) \\$", text_of(name), re.MULTILINE))
        for name in LISTS
    ]
    runtime = versions[0]
    for other in versions[1:]:
        assert {n: v.split()[0] for n, v in other.items() if n in runtime} == {
            n: v.split()[0] for n, v in runtime.items()
        }
