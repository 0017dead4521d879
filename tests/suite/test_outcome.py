"""Counting what a part of the suite did."""

import subprocess
import sys

import pytest

from workbook.suite.outcome import Outcome, from_junit, from_text, of_part

CASES = """
import pytest

def test_good():
    pass

def test_bad():
    raise RuntimeError("on purpose")

@pytest.fixture
def broken():
    raise RuntimeError("on purpose")

def test_worse(broken):
    pass

def test_left_out():
    pytest.skip("no such thing here")
"""


@pytest.fixture(scope="module")
def finished(tmp_path_factory):
    """A real run of pytest over CASES: its output and its XML."""
    folder = tmp_path_factory.mktemp("cases")
    (folder / "test_cases.py").write_text(CASES)
    words = [sys.executable, "-m", "pytest", "-rs", "-p", "no:cacheprovider"]
    words += ["--rootdir", ".", "--junitxml", "all.xml", "test_cases.py"]
    run = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False)
    assert run.returncode == 1
    return run.stdout, folder / "all.xml"


def test_junit_counts_an_error_as_a_failure_and_keeps_the_reason_of_a_skip(finished):
    found = from_junit(finished[1])
    assert (found.passed, found.failed, found.skipped) == (1, 2, 1)
    assert found.reasons == ["test_cases.test_left_out: no such thing here"]


def test_the_text_of_a_run_counts_the_same(finished):
    found = from_text(finished[0])
    assert (found.passed, found.failed, found.skipped) == (1, 2, 1)
    assert found.reasons[0].endswith(": no such thing here")


def test_the_plain_closing_line_is_understood():
    text = "3 students were seeded\n7 passed, 2 failed, 1 skipped\n"
    found = from_text(text)
    assert str(found) == "7 passed, 2 failed, 1 skipped"


def test_text_without_a_closing_line_counts_nothing():
    assert from_text("All checks passed!\n") is None


def test_a_check_without_counts_is_one_check():
    assert of_part(0, None, "All checks passed!") == Outcome(passed=1)
    assert of_part(1, None, "Found 2 errors.") == Outcome(failed=1)


def test_a_part_that_had_to_be_ended_is_a_failure():
    assert of_part(None, None, "3 passed in 0.1s").failed == 1


def test_a_crash_after_good_tests_is_a_failure():
    assert str(of_part(3, None, "3 passed in 0.1s")) == "3 passed, 1 failed, 0 skipped"


def test_a_pytest_that_ran_no_test_is_a_failure(tmp_path):
    empty = tmp_path / "empty.xml"
    empty.write_text("<testsuites><testsuite/></testsuites>")
    assert of_part(5, empty, "").failed == 1
    assert of_part(0, empty, "").failed == 1


def test_a_pytest_that_left_no_xml_is_a_failure(tmp_path):
    assert of_part(0, tmp_path / "missing.xml", "3 passed in 0.1s").failed == 1
