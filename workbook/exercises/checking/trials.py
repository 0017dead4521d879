"""Judge a test that a learner wrote: right code must pass it, wrong code must not.

`code.toml` beside test_check.py has the code: [[right]] and [[wrong]], each with `what`
it does in a few words and a change of the copy (file, find, replace).
"""

import tomllib

from workbook.exercises.room import try_tests


def tried(work, tests: str, kind: str) -> list[tuple[str, dict]]:
    """Run the learner's tests (a dotted name) with each code of the kind.

    Return what each code does, and what came of it: see try_tests.
    """
    text = work.check.with_name("code.toml").read_text(encoding="utf-8")
    codes = tomllib.loads(text)[kind]
    changes = [{k: code[k] for k in ("file", "find", "replace")} for code in codes]
    if kind == "right":  # the code as the learner has it comes first
        codes.insert(0, {"what": "it is the one that you were given"})
        changes.insert(0, None)
    until = kind == "wrong"  # the first wrong code that passes is enough, and so on
    found = work.call(try_tests.try_all, tests, changes, until, django=False, limit=80)
    for change, seen in zip(changes, found, strict=False):
        if seen["misfit"]:
            work.unmet(
                f"{change['file']} is not as it was given: it is not for you to change.",
                "`make reset-N-M` starts afresh; your tests are kept beside it",
            )
    return list(zip([code["what"] for code in codes], found, strict=False))


def right_code_passes(work, tests: str):
    """Unmet when there is no test, or when right code fails one."""
    for what, seen in tried(work, tests, "right"):
        if not seen["ran"] and not seen["said"]:
            work.unmet(f"There is no test in {tests}.", "class ...(TestCase): def test_...")
        if not seen["passed"]:
            work.unmet(f"Right code fails your test: {what}.", tests, got=seen["said"])


def wrong_code_is_noticed(work, tests: str):
    """Unmet when wrong code passes all tests."""
    for what, seen in tried(work, tests, "wrong"):
        if seen["passed"]:
            work.unmet(f"Wrong code passes your tests: {what}.", tests)
