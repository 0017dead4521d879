"""The documentation says what is so: commands, variables, listings, links."""

import re
import subprocess

import pytest

from workbook.stages import CHANGED, FOLDERS, OWN, ROOT, STAYS, shared_files

LISTING = re.compile(r"^`([^`\s]+)`:\n\n```python\n(.*?)^```", re.M | re.S)
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")


def tracked(*patterns: str) -> list[str]:
    words = [
        "git",
        "ls-files",
        "--cached",
        "--others",
        "--exclude-standard",
        "--",
        *patterns,
    ]
    out = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [path for path in out.splitlines() if (ROOT / path).exists()]


@pytest.fixture(scope="module")
def readme() -> str:
    return (ROOT / "README.md").read_text()


@pytest.fixture(scope="module")
def targets() -> dict[str, str]:
    """The Makefile's targets with their sentences; "" where one has none."""
    found = {}
    for line in (ROOT / "Makefile").read_text().splitlines():
        if matched := re.match(r"([a-z][a-z%-]*):(?!=)(?:.*?## (.*))?", line):
            found[matched[1]] = matched[2] or ""
    return found


def test_every_make_target_has_its_sentence(targets):
    assert len(targets) > 15
    assert [name for name, sentence in targets.items() if not sentence.endswith(".")] == []


def test_the_readme_lists_just_the_targets_of_the_makefile(readme, targets):
    rows = dict(re.findall(r"^\| `make ([a-zNM-]+)` \| (.*) \|$", readme, re.M))
    named = {re.sub(r"N(-M)?$", "%", name): sentence for name, sentence in rows.items()}
    assert named == targets


def test_every_make_target_named_in_a_page_exists(targets):
    pattern = re.compile(
        "|".join(re.escape(name).replace("%", r"[\dNM<>…-]+") for name in targets)
    )
    for page in tracked("*.md"):
        for name in re.findall(
            r"(?:`|^)make ([a-z][\w-]*)", (ROOT / page).read_text(), re.M
        ):
            assert pattern.fullmatch(name), f"{page}: make {name}"


# A step's listings are on their way to the stage: tests/build.
@pytest.mark.parametrize("page", tracked("*.md", ":!*/step_by_step/*"))
def test_every_listing_is_in_the_file_that_it_names(page):
    folder = (ROOT / page).parent
    for name, code in LISTING.findall((ROOT / page).read_text()):
        file = folder / name
        assert file.exists(), f"{page} shows {name}, which is not there"
        # A method is shown without its class, so its lines may be broken elsewhere.
        shown, there = ("".join(text.split()) for text in (code, file.read_text()))
        assert shown in there, f"{page}: {name} reads differently now"


@pytest.mark.parametrize("page", tracked("*.md"))
def test_every_link_to_a_file_leads_somewhere(page):
    folder = (ROOT / page).parent
    for target in LINK.findall((ROOT / page).read_text()):
        if not re.match(r"[a-z]+:", target):
            assert (folder / target).exists(), f"{page} links to {target}"


@pytest.mark.parametrize("number", FOLDERS)
def test_every_lesson_opens_with_what_is_new_and_shows_code(number):
    text = (ROOT / FOLDERS[number] / "README.md").read_text()
    assert re.search(r"^## New here", text, re.M)
    assert re.search(r"^## New here", text, re.M).start() < 600
    assert len(LISTING.findall(text)) >= 3


@pytest.mark.parametrize("number", list(FOLDERS)[:-1])
def test_a_stage_keeps_the_files_of_the_one_before(number):
    """Byte for byte, but for those listed as changed; a stale entry fails too."""
    stays = OWN + STAYS.get(number, ())
    here, there = ROOT / FOLDERS[number], ROOT / FOLDERS[number + 1]
    different = {
        path
        for path in tracked(f"{FOLDERS[number]}/*")
        for path in [path.removeprefix(f"{FOLDERS[number]}/")]
        if not path.startswith(stays)
        and (
            not (there / path).exists()
            or (there / path).read_bytes() != (here / path).read_bytes()
        )
    }
    assert different == set(CHANGED[number + 1])
    assert len(shared_files(number)) > 30


@pytest.mark.parametrize(
    ("number", "path"), [(number, path) for number in STAYS for path in STAYS[number]]
)
def test_what_stays_in_its_stage_is_in_no_later_one(number, path):
    assert tracked(f"{FOLDERS[number]}/{path}"), "a stale entry"
    later = [f"{FOLDERS[other]}/{path}" for other in FOLDERS if other > number]
    assert not later or tracked(*later) == []


def test_no_stage_imports_from_outside_its_folder():
    for path in tracked("0?_*/*.py"):
        if "/exercises/" not in path:
            code = (ROOT / path).read_text()
            assert not re.search(r"^\s*(from|import) (workbook|tests)\b", code, re.M), path


PICTURE = re.compile(r"!\[([^\]]*)\]\(((?:\.\./)?pictures/[\w-]+)\.webp\)")
HEAVIEST = 500_000  # bytes


@pytest.mark.parametrize(
    "page", ["README.md", *(f"{folder}/README.md" for folder in FOLDERS.values())]
)
def test_a_page_has_a_moving_picture_with_words_and_a_still(page):
    text = (ROOT / page).read_text()
    shown = PICTURE.findall(text)
    assert shown
    for words, path in shown:
        assert len(words) > 40
        assert f"({path}.png)" in text
        picture = (ROOT / page).parent / path
        assert picture.with_suffix(".webp").stat().st_size < HEAVIEST
        assert picture.with_suffix(".png").stat().st_size < HEAVIEST


def test_no_tracked_file_names_a_path_of_one_machine():
    pattern = re.compile(r"(?<![\w.])/(?:root|home|work)/[a-z]")
    for path in tracked():
        file = ROOT / path
        if file.suffix in {".png", ".webp", ".ico"} or path in {
            "tests/docs/test_readme.py"
        }:
            continue
        found = pattern.search(file.read_text(errors="replace"))
        assert not found, f"{path}: {found and found[0]}"
