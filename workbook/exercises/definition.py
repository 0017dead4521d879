"""Reading exercise.toml, strictly: what is not as it should be is named in one line."""

import re
import tomllib
from pathlib import Path

from workbook.change import Change
from workbook.exercises.exercise import LIMIT, Answer, Exercise, Malformed

KINDS = ("build", "repair", "predict", "test")
NEEDED = {
    "title": str,
    "kind": str,
    "minutes": int,
    "edit": list,
    "hints": list,
    "why": str,
    "read_on": list,
    "starter_fails_with": str,
    "wrong": list,
}
OPTIONAL = {"limit": int, "starter": list, "solution": list, "right": list}
FEWEST = {"wrong": 4, "right": 2}  # answers


def read_exercise(folder: Path, stage: int) -> Exercise:
    """Read one exercise; Malformed, naming the file, when it is not right."""
    number = re.match(r"(\d+)_[a-z0-9_]+$", folder.name)
    if not number:
        raise Malformed(f"{folder.name}: an exercise's folder is named like 3_some_words.")
    where = f"{folder.parent.parent.name}/exercises/{folder.name}"
    for name in ("exercise.toml", "README.md", "test_check.py"):
        if not (folder / name).exists():
            raise Malformed(f"{where}: {name} is missing.")
    where += "/exercise.toml"
    try:
        data = tomllib.loads((folder / "exercise.toml").read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Malformed(f"{where} cannot be read: {error}.") from None
    _require(data, where)
    file = data["edit"][0]
    for key in ("starter", "solution"):
        data[key] = tuple(_change(one, file, where, key) for one in data.get(key, []))
    for key in ("wrong", "right"):
        data[key] = tuple(read_answer(one, file, where, key) for one in data.get(key, []))
    for key in ("edit", "hints", "read_on"):
        data[key] = tuple(data[key])
    return Exercise(stage, int(number[1]), folder, **data)


def _require(data: dict, where: str):
    for key, kind in (NEEDED | OPTIONAL).items():
        if key in NEEDED and not data.get(key):
            raise Malformed(f"{where}: {key} must be there, as {kind.__name__}.")
        if key in data and type(data[key]) is not kind:
            raise Malformed(f"{where}: {key} must be there, as {kind.__name__}.")
    unknown = set(data) - set(NEEDED) - set(OPTIONAL)
    if unknown:
        raise Malformed(f"{where}: unknown {', '.join(sorted(unknown))}.")
    if data["kind"] not in KINDS:
        raise Malformed(f"{where}: kind must be one of {', '.join(KINDS)}.")
    if not 1 <= data["minutes"] <= 20:
        raise Malformed(f"{where}: minutes must be 1 to 20.")
    if not 1 <= data.get("limit", LIMIT) <= 120:
        raise Malformed(f"{where}: limit must be 1 to 120 seconds.")
    for key, what in (("edit", "paths"), ("hints", "texts"), ("read_on", "texts")):
        if not all(isinstance(text, str) for text in data[key]):
            raise Malformed(f"{where}: {key} must be a list of {what}.")
    if len(data["hints"]) != 3:
        raise Malformed(f"{where}: there must be three hints, each a text.")
    for key, fewest in FEWEST.items():
        if len(data.get(key, [])) < fewest:
            raise Malformed(f"{where}: at least {fewest} [[{key}]] answers are needed.")


def _change(found: dict, file: str, where: str, key: str) -> Change:
    """Return a change; one that names no file changes the first one to be edited."""
    if not {"find", "replace"} <= set(found) <= {"file", "find", "replace"} or not all(
        isinstance(text, str) for text in found.values()
    ):
        raise Malformed(f"{where}: a [[{key}]] has find, replace and perhaps file.")
    return Change(found.get("file", file), found["find"], found["replace"])


def read_answer(found: dict, file: str, where: str, key: str) -> Answer:
    """Return an answer: one change, or several in [[wrong.changes]]."""
    words = {"what"} if key == "right" else {"what", "fails_with"}
    texts = {name: found.get(name) for name in words}
    if not all(isinstance(text, str) and text for text in texts.values()):
        raise Malformed(f"{where}: a [[{key}]] has {', '.join(sorted(words))}, as texts.")
    rest = {name: value for name, value in found.items() if name not in words}
    changes = rest["changes"] if set(rest) == {"changes"} else [rest]
    made = tuple(_change(change, file, where, key) for change in changes)
    return Answer(changes=made, **texts)
